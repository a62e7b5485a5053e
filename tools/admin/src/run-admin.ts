import { loadConfig, type Environment } from '@universal-api/config';
import { createLogger } from '@universal-api/logging';
import { parseKeyRing } from '@universal-api/principal';
import { toBrokers } from '@universal-api/service';
import { migrateAll } from '@universal-api/standalone/migrate';
import { applyProductTopics } from './commands/apply-product-topics.ts';
import { bootstrapDatabase } from './commands/bootstrap-database.ts';
import { initSecrets } from './commands/init-secrets.ts';
import { bootstrapVariables, databaseVariables, topicVariables } from './config.ts';
import { endOf, exitCodes } from './exit-code.ts';
import { parseWords, UsageError, type CommandName, type Invocation } from './parse-words.ts';
import { usage } from './usage.ts';

/** What a command line is run with. */
export interface AdminProgram {
  readonly words: readonly string[];
  readonly environment: Environment;
  /** Writes to standard output, and resolves once it is out. */
  readonly out: (text: string) => Promise<void>;
  /** The same for standard error. */
  readonly err: (text: string) => Promise<void>;
}

/** What a command says: one sentence or more for people, fields for programs. */
interface Said {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Running {
  readonly invocation: Invocation;
  readonly environment: Environment;
  say(said: Said): Promise<void>;
}

/** Runs one command and gives back the exit code: 0 done, 1 refused, 2 not understood, 3 a server is out of reach. */
export async function runAdmin({ words, environment, out, err }: AdminProgram): Promise<number> {
  const isJson = words.includes('--json');
  try {
    const invocation = parseWords(words);
    const { command } = invocation;
    if (command === undefined || invocation.wantsHelp) {
      await out(usage);
      return exitCodes.done;
    }
    const say = ({ text, fields }: Said) => out(isJson ? toJson({ command, ...fields }) : `${text}\n`);
    await commands[command]({ invocation, environment, say });
    return exitCodes.done;
  } catch (error) {
    const end = endOf(error);
    const message = error instanceof Error ? error.message : String(error);
    if (isJson) await out(toJson({ error: { end, message } }));
    else await err(error instanceof UsageError ? `${message} See --help.\n` : `${message}\n`);
    return exitCodes[end];
  }
}

const commands: Readonly<Record<CommandName, (running: Running) => Promise<void>>> = {
  async 'secrets init'({ invocation, say }) {
    const { folder, made, kept } = initSecrets(invocation);
    const text = made.length > 0 ? `Made in ${folder}: ${made.join(', ')}.` : `Nothing was missing in ${folder}.`;
    await say({ text, fields: { folder, made, kept } });
  },

  async migrate({ environment, say }) {
    const applied = await migrateAll(loadConfig(databaseVariables, environment).DATABASE_URL);
    const text = applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The database is up to date.';
    await say({ text, fields: { applied } });
  },

  async 'topics apply'({ environment, say }) {
    const { kafka } = toBrokers(loadConfig(topicVariables, environment));
    if (kafka === undefined) throw new UsageError('KAFKA_BROKERS is not set.');
    const { created } = await applyProductTopics({ ...kafka, service: 'admin', log: openLog() }, kafka.replication);
    const text = created.length > 0 ? `Created: ${created.join(', ')}.` : 'All topics are there.';
    await say({ text, fields: { created } });
  },

  async bootstrap({ environment, say }) {
    const config = loadConfig(bootstrapVariables, environment);
    const peppers = parseKeyRing('AUTH_KEY_PEPPER', config.AUTH_KEY_PEPPER);
    const found = await bootstrapDatabase({ databaseUrl: config.DATABASE_URL, peppers }, ({ key, id12 }) =>
      say({ text: keyText(key.reveal(), config.PUBLIC_BASE_URL), fields: { made: true, id12, key: key.reveal() } }),
    );
    if (found.kind === 'made') return;
    const { id12 } = found;
    const which = id12 === undefined ? 'It does not work any more' : `Its public part is ${id12}`;
    await say({ text: `The first key was shown before. ${which}.`, fields: { made: false, id12 } });
  },
};

function keyText(key: string, url: string): string {
  return `This installation's API key, shown this once; keep it:

  ${key}

  curl -H 'Authorization: Bearer ${key}' '${url}/api/v1/countries/PE'`;
}

/** On standard error, since standard output is the answer. */
function openLog() {
  const destination = { write: (line: string) => void process.stderr.write(line) };
  return createLogger({ service: 'admin', instance: String(process.pid), level: 'error', destination });
}

function toJson(fields: object): string {
  return `${JSON.stringify(fields)}\n`;
}
