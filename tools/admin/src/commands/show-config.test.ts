import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { knownVariables } from '@universal-api/standalone/compose';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdmin } from '../run-admin.ts';
import { productVariables, rateVariables } from './product-variables.ts';
import { effectiveVariables } from './show-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const none = { dotEnv: {}, kept: {} };
const find = (
  environment: Record<string, string>,
  name: string,
  files: Parameters<typeof effectiveVariables>[1] = none,
) => effectiveVariables(environment, files).find((variable) => variable.name === name);

test('the variables are those that the product reads', () => {
  expect([...Object.keys(productVariables.shape), ...rateVariables()].sort()).toEqual(knownVariables().sort());
});

describe('where a value comes from', () => {
  test('the default, the environment, .env, a file, nowhere', () => {
    expect(find({}, 'PORT')).toEqual({ name: 'PORT', value: '8000', source: 'default' });
    expect(find({ PORT: '9000' }, 'PORT')).toEqual({ name: 'PORT', value: '9000', source: 'environment' });
    const dotEnv = { PORT: '9000' };
    expect(find({ PORT: '9000' }, 'PORT', { ...none, dotEnv })).toMatchObject({ source: '.env' });
    expect(find({ PORT: '9001' }, 'PORT', { ...none, dotEnv })).toMatchObject({ source: 'environment' });
    writeFileSync(join(folder, 'port'), '7000\n');
    const PORT_FILE = join(folder, 'port');
    expect(find({ PORT_FILE }, 'PORT')).toEqual({ name: 'PORT', value: '7000', source: `file ${PORT_FILE}` });
    expect(find({}, 'REDIS_URL')).toEqual({ name: 'REDIS_URL', source: 'unset' });
  });

  test('a rate policy is shown where it is set', () => {
    expect(find({}, 'RL_KEY_MIN')).toBeUndefined();
    expect(find({ RL_KEY_MIN: '10/60' }, 'RL_KEY_MIN')).toEqual({
      name: 'RL_KEY_MIN',
      value: '10/60',
      source: 'environment',
    });
    expect(find({ RL_KEY_MIN: 'many' }, 'RL_KEY_MIN')).toMatchObject({ fault: expect.any(String) });
  });
});

describe('what is not shown', () => {
  test('a secret, wherever it is, and a password in an address', () => {
    expect(find({ INTERNAL_AUTH_KEY: 'swordfish' }, 'INTERNAL_AUTH_KEY')).toMatchObject({
      value: '***',
      source: 'environment',
    });
    const kept = { INTERNAL_AUTH_KEY: 'secrets.json' };
    expect(find({}, 'INTERNAL_AUTH_KEY', { ...none, kept })).toMatchObject({ value: '***', source: 'secrets.json' });
    const DATABASE_URL = 'postgresql://uapi:swordfish@db/uapi';
    expect(find({ DATABASE_URL }, 'DATABASE_URL')).toMatchObject({ value: 'postgresql://uapi:***@db/uapi' });
    const everything = effectiveVariables(
      { DATABASE_URL, INTERNAL_AUTH_KEY: 'swordfish', KAFKA_PASSWORD: 'swordfish' },
      none,
    );
    expect(JSON.stringify(everything)).not.toContain('swordfish');
  });
});

describe('the command', () => {
  async function run(environment: Record<string, string>) {
    let out = '';
    const say = async (text: string) => void (out += text);
    const words = ['config', '--json'];
    const code = await runAdmin({
      words,
      environment: { DATA_DIR: folder, ...environment },
      user: 'ada',
      out: say,
      err: say,
    });
    return { code, answer: JSON.parse(out) as { variables: { name: string; source: string }[]; unread: string[] } };
  }

  test('names the file of each secret that the installation made, whichever way it runs', async () => {
    mkdirSync(join(folder, 'distributed/secrets'), { recursive: true });
    writeFileSync(join(folder, 'distributed/secrets/AUTH_KEY_PEPPER'), 'swordfish');
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ INTERNAL_AUTH_KEY: 'swordfish' }));
    const { code, answer } = await run({});
    expect(code).toBe(0);
    const sourceOf = (name: string) => answer.variables.find((variable) => variable.name === name)?.source;
    expect(sourceOf('AUTH_KEY_PEPPER')).toBe(join(folder, 'distributed/secrets/AUTH_KEY_PEPPER'));
    expect(sourceOf('INTERNAL_AUTH_KEY')).toBe(join(folder, 'secrets.json'));
    expect(JSON.stringify(answer)).not.toContain('swordfish');
  });

  test('ends with 2 for a value that is not usable, and says which names nothing reads', async () => {
    const { code, answer } = await run({ PORT: 'eighty', AUTH_ROTATE_DAYS: '7' });
    expect(code).toBe(2);
    expect(answer.variables).toContainEqual({ name: 'PORT', source: 'environment', fault: 'a whole number' });
    expect(answer.unread).toEqual(['AUTH_ROTATE_DAYS']);
  });
});
