import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandForms, type CommandForm } from './command-forms.ts';
import { commandNames, numberOption, parseWords, UsageError } from './parse-words.ts';
import { synopsisOf, usage } from './usage.ts';

/** Words of a command that are as they should be. */
function wordsOf(name: keyof typeof commandForms): string[] {
  const { takes, options }: CommandForm = commandForms[name];
  const words = takes.map((word) => ({ plan: 'pro', level: 'debug' })[word] ?? `a-${word}`);
  const needed = Object.entries(options).filter(([, { isNeeded }]) => isNeeded);
  return [...name.split(' '), ...words, ...needed.flatMap(([option, { oneOf }]) => [`--${option}`, oneOf?.[0] ?? 'x'])];
}

describe('ok', () => {
  test.each(commandNames)('%s is a command, with --json before or after it', (command) => {
    const words = wordsOf(command);
    expect(parseWords(words)).toMatchObject({ command, isJson: false, wantsHelp: false });
    expect(parseWords(['--json', ...words])).toMatchObject({ command, isJson: true });
    expect(parseWords([...words, '--json'])).toMatchObject({ command, isJson: true });
  });

  test('help needs no command, and of a command nothing more', () => {
    expect(parseWords(['--help'])).toEqual({ wantsHelp: true, isJson: false, words: {}, options: {} });
    expect(parseWords(['migrate', '-h'])).toMatchObject({ wantsHelp: true, command: 'migrate' });
    expect(parseWords(['tenant', 'create', '--help'])).toMatchObject({ wantsHelp: true, command: 'tenant create' });
  });

  test('words behind the command get their names, options theirs', () => {
    expect(parseWords(['tenant', 'plan', 'acme', 'pro', '--pool', 'own'])).toMatchObject({
      command: 'tenant plan',
      words: { tenant: 'acme', plan: 'pro' },
      options: { pool: 'own' },
    });
    expect(parseWords(['user', 'operator', 'a@b.example', '--off']).options).toEqual({ off: true });
    const written = ['secrets', 'init', '--folder', '/run/secrets', '--database-url', 'postgresql://uapi@pg:5432/uapi'];
    const options = { folder: '/run/secrets', 'database-url': 'postgresql://uapi@pg:5432/uapi' };
    expect(parseWords(written)).toMatchObject({ options });
  });

  test('a number is a number', () => {
    expect(numberOption(parseWords(['key', 'rotate', 'k', '--overlap-s', '60']), 'overlap-s')).toBe(60);
    expect(numberOption(parseWords(['key', 'rotate', 'k']), 'overlap-s')).toBeUndefined();
    const word = parseWords(['key', 'rotate', 'k', '--overlap-s', '1h']);
    expect(() => numberOption(word, 'overlap-s')).toThrow('--overlap-s is no whole number.');
  });

  test('help shows every command with every option', () => {
    for (const [name, form] of Object.entries(commandForms)) {
      expect(usage).toContain(synopsisOf(name, form));
      for (const option of Object.keys((form as CommandForm).options))
        expect(synopsisOf(name, form)).toContain(`--${option}`);
    }
  });
});

describe('bad input', () => {
  test.each([
    [[], 'A command is missing.'],
    [['--json'], 'A command is missing.'],
    [['topics'], '"topics" is no command.'],
    [['topics', 'apply', 'now'], 'topics apply takes no further word; "now" is too much.'],
    [['topicsapply'], '"topicsapply" is no command.'],
    [['tenant'], '"tenant" is no command.'],
    [['migrate', '--force'], "Unknown option '--force'."],
    [['migrate', '--folder', 'x'], 'migrate takes no --folder.'],
    [['bootstrap', '--database-url', 'postgresql://a@b/c'], 'bootstrap takes no --database-url.'],
    [['secrets', 'init', '--folder', ''], '--folder is empty.'],
    [['tenant', 'create'], 'tenant create needs <name>.'],
    [['tenant', 'create', ''], '<name> is empty.'],
    [['tenant', 'plan', 'acme'], 'tenant plan needs <plan>.'],
    [['tenant', 'plan', 'acme', 'gold'], '<plan> is one of free, starter, pro, unlimited.'],
    [['tenant', 'suspend', 'acme'], 'tenant suspend needs --reason <text>.'],
    [['user', 'invite', 'a@b.example', '--role', 'king'], '--role is one of viewer, analyst,'],
    [['log-level', 'search', 'loud'], '<level> is one of trace, debug,'],
    [['tenant', 'list', '--tenant', 'acme'], 'tenant list takes no --tenant.'],
  ])('%j is refused', (words, sentence) => {
    expect(() => parseWords(words)).toThrow(UsageError);
    expect(() => parseWords(words)).toThrow(sentence);
  });

  test('any words are understood or refused in a sentence', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(...commandNames.flatMap((name) => name.split(' ')), '--json', '--tenant'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          expect(commandNames).toContain(parseWords(words).command ?? 'config');
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect(String(error)).toMatch(/\.$/);
        }
      }),
    );
  });
});
