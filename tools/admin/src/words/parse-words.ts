import { parseArgs } from 'node:util';
import { closedWords, commandForms, type CommandForm, type CommandName } from './command-forms.ts';

/** The commands, those of a new installation first. */
export const commandNames = Object.keys(commandForms) as CommandName[];

/** What somebody asks for on the command line. */
export interface Invocation {
  /** Absent only when help is asked for. */
  readonly command?: CommandName;
  readonly wantsHelp: boolean;
  /** One JSON object instead of sentences. */
  readonly isJson: boolean;
  /** Words behind the name of the command, by what they are; every one is there. */
  readonly words: Readonly<Record<string, string>>;
  /** Options that were given; `true` for one without a value. */
  readonly options: Readonly<Record<string, string | true>>;
}

/** A command line that cannot be understood; `message` says what of it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Words of a command line → what is asked for; pure. Errors: `UsageError`. */
export function parseWords(given: readonly string[]): Invocation {
  const { values, positionals } = readWords(given);
  const { json, help, ...options } = values as Record<string, string | true>;
  const shape = { wantsHelp: help === true, isJson: json === true };
  const command = findCommand(positionals);
  if (command === undefined) {
    if (shape.wantsHelp && positionals.length === 0) return { ...shape, words: {}, options: {} };
    throw new UsageError(
      positionals.length === 0 ? 'A command is missing.' : `"${positionals.join(' ')}" is no command.`,
    );
  }
  const form: CommandForm = commandForms[command];
  if (shape.wantsHelp) return { ...shape, command, words: {}, options: {} };
  checkOptions(command, form, options);
  const words = nameWords(command, form, positionals.slice(command.split(' ').length));
  return { ...shape, command, words, options };
}

/** A whole number behind an option; `undefined` if it was not given. Errors: `UsageError`. */
export function numberOption({ options }: Pick<Invocation, 'options'>, name: string): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(String(text))) throw new UsageError(`--${name} is no whole number.`);
  return Number(text);
}

/** A text behind an option; `undefined` if it was not given. */
export function textOption({ options }: Pick<Invocation, 'options'>, name: string): string | undefined {
  const text = options[name];
  return text === true ? undefined : text;
}

const knownOptions = Object.fromEntries(
  Object.values(commandForms as Record<string, CommandForm>)
    .flatMap(({ options }) => Object.entries(options))
    .map(([name, { value }]) => [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }]),
);

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, ...knownOptions },
    });
  } catch (error) {
    const [said = ''] = (error as Error).message.split('. ');
    throw new UsageError(said.replace(/\.?$/, '.'));
  }
}

function findCommand(positionals: readonly string[]): CommandName | undefined {
  return commandNames.find((name) => name.split(' ').every((word, index) => positionals[index] === word));
}

function checkOptions(command: string, form: CommandForm, options: Invocation['options']): void {
  for (const [name, value] of Object.entries(options)) {
    const known = form.options[name];
    if (known === undefined) throw new UsageError(`${command} takes no --${name}.`);
    if (value === '') throw new UsageError(`--${name} is empty.`);
    if (known.oneOf && !known.oneOf.includes(String(value)))
      throw new UsageError(`--${name} is one of ${known.oneOf.join(', ')}.`);
  }
  for (const [name, { isNeeded, value }] of Object.entries(form.options))
    if (isNeeded && options[name] === undefined) throw new UsageError(`${command} needs --${name} ${value ?? ''}.`);
}

function nameWords(command: string, { takes }: CommandForm, given: readonly string[]): Record<string, string> {
  const missing = takes[given.length];
  if (missing !== undefined) throw new UsageError(`${command} needs <${missing}>.`);
  if (given.length > takes.length)
    throw new UsageError(`${command} takes no further word; "${given.slice(takes.length).join(' ')}" is too much.`);
  const words = Object.fromEntries(takes.map((name, index) => [name, given[index] ?? '']));
  for (const [name, word] of Object.entries(words)) {
    const allowed = closedWords[name];
    if (word === '') throw new UsageError(`<${name}> is empty.`);
    if (allowed && !allowed.includes(word)) throw new UsageError(`<${name}> is one of ${allowed.join(', ')}.`);
  }
  return words;
}
