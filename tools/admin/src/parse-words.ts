import { parseArgs } from 'node:util';

/** The commands, in the order in which a new installation runs them. */
export const commandNames = ['secrets init', 'migrate', 'topics apply', 'bootstrap'] as const;

/** One of the commands. */
export type CommandName = (typeof commandNames)[number];

/** What somebody asks for on the command line. */
export interface Invocation {
  /** Absent only when help is asked for. */
  readonly command?: CommandName;
  readonly wantsHelp: boolean;
  /** One JSON object instead of sentences. */
  readonly isJson: boolean;
  readonly folder: string;
  readonly databaseUrl?: string;
}

/** A command line that cannot be understood; `message` says what of it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Where `npm run start:distributed` keeps its secrets too. */
export const usualFolder = '.data/distributed/secrets';

/** Words of a command line → what is asked for; pure. Errors: `UsageError`. */
export function parseWords(words: readonly string[]): Invocation {
  const { values, positionals } = readWords(words);
  const { json: isJson = false, help: wantsHelp = false, folder, 'database-url': databaseUrl } = values;
  const command = findCommand(positionals);
  if (command === undefined && !(wantsHelp && positionals.length === 0)) {
    throw new UsageError(
      positionals.length === 0 ? 'A command is missing.' : `"${positionals.join(' ')}" is no command.`,
    );
  }
  if (command !== undefined && command !== 'secrets init') {
    if (folder !== undefined) throw new UsageError(`${command} takes no --folder.`);
    if (databaseUrl !== undefined) throw new UsageError(`${command} takes no --database-url; it reads DATABASE_URL.`);
  }
  if (folder === '') throw new UsageError('--folder is empty.');
  if (databaseUrl !== undefined) checkDatabaseUrl(databaseUrl);
  return { command, wantsHelp, isJson, folder: folder ?? usualFolder, databaseUrl };
}

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        folder: { type: 'string' },
        'database-url': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.?$/, '.') : String(error),
    );
  }
}

function findCommand(positionals: readonly string[]): CommandName | undefined {
  const text = positionals.join(' ');
  return commandNames.find((name) => name === text);
}

function checkDatabaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol) || url.username === '') {
    throw new UsageError('--database-url is no URL such as postgresql://<login>@<host>:5432/<database>.');
  }
  // It would stand in the list of processes.
  if (url.password !== '') throw new UsageError('--database-url has a password; it is made by secrets init.');
}
