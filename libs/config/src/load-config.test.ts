import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  describeConfig,
  integer,
  list,
  loadConfig,
  oneOf,
  optionalInteger,
  optionalOneOf,
  optionalUrl,
  port,
  secret,
  toEnvExample,
  unknownVariables,
  z,
  type ConfigError,
} from './index.ts';

const schema = z.object({
  PORT: port(8000).describe('Public port.'),
  LIMIT: integer(5, { min: 1, max: 9 }).describe('A limit.'),
  EGRESS: oneOf(['all', 'none'], 'all').describe('What may leave.'),
  DATABASE_URL: optionalUrl('postgres', 'postgresql').describe('Database.'),
  ORIGINS: list().describe('Origins.'),
  TOKEN: secret().describe('A secret.'),
  COPIES: optionalInteger({ min: 1, max: 3 }).describe('Copies.'),
  WAY: optionalOneOf(['left', 'right']).describe('A way.'),
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const problemsOf = (environment: Record<string, string>) => {
  try {
    loadConfig(schema, environment);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
};

describe('ok', () => {
  test('defaults fill what is not set, and an empty variable is not set', () => {
    const config = loadConfig(schema, { TOKEN: 't', PORT: '' });
    expect(config).toMatchObject({ PORT: 8000, LIMIT: 5, EGRESS: 'all', ORIGINS: [] });
    expect([config.DATABASE_URL, config.COPIES, config.WAY]).toEqual([undefined, undefined, undefined]);
    expect(loadConfig(schema, { TOKEN: 't', COPIES: '2', WAY: 'left' })).toMatchObject({ COPIES: 2, WAY: 'left' });
  });

  test('a value may come from a file', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'from-file\n');
    expect(loadConfig(schema, { TOKEN_FILE: file }).TOKEN.reveal()).toBe('from-file');
  });

  test('a secret prints as *** in every form', () => {
    const { TOKEN } = loadConfig(schema, { TOKEN: 'hush-hush' });
    for (const printed of [`${TOKEN}`, JSON.stringify({ TOKEN }), inspect({ TOKEN }), String(TOKEN)]) {
      expect(printed).not.toContain('hush');
      expect(printed).toContain('***');
    }
  });
});

describe('bad input', () => {
  test('all problems come at once, each with its variable and none with a value', () => {
    const problems = problemsOf({
      ...{ PORT: '70000', LIMIT: 'many', EGRESS: 'some', DATABASE_URL: 'http://x', TOKEN: '' },
      ...{ COPIES: '4', WAY: 'up' },
    });
    const named = problems.map((line) => line.split(':')[0]);
    expect(named).toEqual(['COPIES', 'DATABASE_URL', 'EGRESS', 'LIMIT', 'PORT', 'TOKEN', 'WAY']);
    expect(problems.join()).not.toMatch(/70000|many|some/);
  });

  test('a file that cannot be read, and a value given twice, are named', () => {
    expect(problemsOf({ TOKEN_FILE: join(folder, 'absent') }).join()).toContain('TOKEN_FILE: cannot be read (ENOENT)');
    expect(problemsOf({ TOKEN: 'a', TOKEN_FILE: 'b' })).toContain('TOKEN: set it or TOKEN_FILE, not both');
  });

  test('a name with one of our prefixes that nobody reads is reported', () => {
    const environment = { RL_LOKUP_MIN: '1/1', HOME: '/', UAPI_EGRESS: 'all', UAPI_KEY_FILE: 'f' };
    expect(unknownVariables(environment, ['UAPI_EGRESS', 'UAPI_KEY'])).toEqual(['RL_LOKUP_MIN']);
  });
});

describe('words', () => {
  test('.env.example has every variable once, with its sentence and default', () => {
    const example = toEnvExample([
      { title: 'One', variables: describeConfig(schema) },
      { title: 'Two', variables: describeConfig(schema) },
    ]);
    expect(example).toContain('# Public port.\n#PORT=8000');
    expect(example.match(/#PORT=/g)).toHaveLength(1);
  });

  test('a variable without a sentence is refused', () => {
    expect(() => describeConfig(z.object({ SILENT: port(1) }))).toThrow('SILENT has no description');
  });
});
