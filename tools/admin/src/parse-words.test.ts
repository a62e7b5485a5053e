import { describe, expect, test } from '@jest/globals';
import { commandNames, parseWords, usualFolder, UsageError } from './parse-words.ts';

describe('ok', () => {
  test.each(commandNames)('%s is a command, with --json before or after it', (command) => {
    const words = command.split(' ');
    expect(parseWords(words)).toMatchObject({ command, isJson: false, wantsHelp: false, folder: usualFolder });
    expect(parseWords(['--json', ...words])).toMatchObject({ command, isJson: true });
    expect(parseWords([...words, '--json'])).toMatchObject({ command, isJson: true });
  });

  test('help needs no command', () => {
    expect(parseWords(['--help'])).toMatchObject({ wantsHelp: true, command: undefined });
    expect(parseWords(['migrate', '-h'])).toMatchObject({ wantsHelp: true, command: 'migrate' });
  });

  test('secrets init takes a folder and the address of a database', () => {
    const words = [
      'secrets',
      'init',
      '--folder',
      '/run/secrets',
      '--database-url',
      'postgresql://uapi@postgres:5432/uapi',
    ];
    expect(parseWords(words)).toMatchObject({
      folder: '/run/secrets',
      databaseUrl: 'postgresql://uapi@postgres:5432/uapi',
    });
  });
});

describe('bad input', () => {
  test.each([
    [[], 'A command is missing.'],
    [['--json'], 'A command is missing.'],
    [['topics'], '"topics" is no command.'],
    [['topics', 'apply', 'now'], '"topics apply now" is no command.'],
    [['topicsapply'], '"topicsapply" is no command.'],
    [['migrate', '--force'], "Unknown option '--force'."],
    [['migrate', '--folder', 'x'], 'migrate takes no --folder.'],
    [
      ['bootstrap', '--database-url', 'postgresql://a@b/c'],
      'bootstrap takes no --database-url; it reads DATABASE_URL.',
    ],
    [['secrets', 'init', '--folder', ''], '--folder is empty.'],
    [['secrets', 'init', '--database-url', 'mysql://a@b/c'], 'is no URL such as'],
    [['secrets', 'init', '--database-url', 'postgresql://b/c'], 'is no URL such as'],
    [['secrets', 'init', '--database-url', 'postgresql://a:hidden@b/c'], 'has a password'],
  ])('%j is refused', (words, sentence) => {
    expect(() => parseWords(words)).toThrow(UsageError);
    expect(() => parseWords(words)).toThrow(sentence);
  });

  test('a password on the command line is not repeated', () => {
    expect(() => parseWords(['secrets', 'init', '--database-url', 'postgresql://a:hidden@b/c'])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hidden') }),
    );
  });
});
