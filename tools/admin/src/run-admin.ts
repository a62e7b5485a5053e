import { loadConfig, type Environment } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import { findInternalKeys } from './auth/find-internal-keys.ts';
import { openAuthLine } from './auth/open-auth-line.ts';
import { serviceCommands } from './commands/service-commands.ts';
import { showConfig } from './commands/show-config.ts';
import { storeCommands } from './commands/store-commands.ts';
import { serviceVariables } from './config.ts';
import { endOf, exitCodes, type End } from './exit-code.ts';
import { describeRefusal } from './output/describe-refusal.ts';
import type { Running, Said } from './running.ts';
import { localForms, serviceForms, type CommandName } from './words/command-forms.ts';
import { parseWords, UsageError } from './words/parse-words.ts';
import { usage } from './words/usage.ts';

/** What a command line is run with. */
export interface AdminProgram {
  readonly words: readonly string[];
  readonly environment: Environment;
  /** User of the operating system, as the audit log shall name whoever runs this. */
  readonly user: string;
  /** Writes to standard output, and resolves once it is out. */
  readonly out: (text: string) => Promise<void>;
  /** The same for standard error. */
  readonly err: (text: string) => Promise<void>;
}

/** Runs one command and gives back the exit code: 0 done, 1 refused, 2 not understood, 3 a server is out of reach. */
export async function runAdmin({ words, environment, user, out, err }: AdminProgram): Promise<number> {
  const isJson = words.includes('--json');
  try {
    const invocation = parseWords(words);
    const { command } = invocation;
    if (command === undefined || invocation.wantsHelp) {
      await out(usage);
      return exitCodes.done;
    }
    const say = ({ text, fields }: Said) => out(isJson ? toJson({ command, ...fields }) : `${text}\n`);
    const end = await runCommand(command, { invocation, environment, say }, user);
    return exitCodes[end ?? 'done'];
  } catch (error) {
    const end = endOf(error);
    const message = messageOf(error);
    const code = isAnswer(error) ? { code: error.code } : {};
    if (isJson) await out(toJson({ error: { end, ...code, message } }));
    else await err(error instanceof UsageError ? `${message} See --help.\n` : `${message}\n`);
    return exitCodes[end];
  }
}

async function runCommand(command: CommandName, running: Running, user: string): Promise<End | void> {
  if (isOf(localForms, command)) return showConfig(running);
  if (!isOf(serviceForms, command)) return storeCommands[command](running);
  const config = loadConfig(serviceVariables, running.environment);
  const auth = openAuthLine({
    address: config.UAPI_AUTH_ADDR,
    keys: findInternalKeys({ given: config.INTERNAL_AUTH_KEY, dataFolder: config.DATA_DIR }),
    user,
    clock: Date.now,
    newId,
  });
  try {
    return await serviceCommands[command]({ ...running, auth });
  } finally {
    auth.close();
  }
}

function isOf<Forms extends object>(forms: Forms, command: PropertyKey): command is keyof Forms {
  return Object.hasOwn(forms, command);
}

/** A refusal by a service has words for callers; what we refuse ourselves has a sentence of its own. */
function messageOf(error: unknown): string {
  if (isAnswer(error)) return describeRefusal(error);
  return error instanceof Error ? error.message : String(error);
}

function isAnswer(error: unknown): error is AppError {
  if (!AppError.is(error)) return false;
  const { details, cause } = error;
  return details.detail !== undefined || (typeof cause === 'object' && cause !== null && 'metadata' in cause);
}

function toJson(fields: object): string {
  return `${JSON.stringify(fields)}\n`;
}
