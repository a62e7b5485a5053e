import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseKeyRing } from '@universal-api/principal';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initSecrets } from './init-secrets.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'uapi-secrets-'));
  folder = join(root, 'a/secrets');
});
afterEach(() => rmSync(root, { recursive: true }));

const all = ['AUTH_KEY_PEPPER', 'DATA_ENCRYPTION_KEY', 'INTERNAL_AUTH_KEY', 'DATABASE_PASSWORD'];
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const contents = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

describe('ok', () => {
  test('every secret is made in a file of its own, for this user alone', () => {
    const { made, kept, values } = initSecrets({ folder });
    expect([made, kept]).toEqual([all, []]);
    expect(modeOf(folder)).toBe('700');
    expect(readdirSync(folder).sort()).toEqual([...all].sort());
    for (const name of all) expect(modeOf(join(folder, name))).toBe('600');
    for (const name of ['AUTH_KEY_PEPPER', 'DATA_ENCRYPTION_KEY', 'INTERNAL_AUTH_KEY'] as const) {
      expect(parseKeyRing(name, values[name])[0].version).toBe(1);
      expect(readFileSync(join(folder, name), 'utf8')).toBe(values[name].reveal());
    }
    expect(new Set(Object.values(values).map((value) => value.reveal())).size).toBe(4);
  });

  test('a second time nothing changes', () => {
    initSecrets({ folder });
    const before = contents();
    expect(initSecrets({ folder })).toMatchObject({ made: [], kept: all });
    expect(contents()).toEqual(before);
  });

  test('what is missing is made, what is there stays, with or without a newline at its end', () => {
    mkdirSync(folder, { recursive: true });
    const own = `v2:${Buffer.alloc(32, 'abcdefgh').toString('base64')}`;
    writeFileSync(join(folder, 'INTERNAL_AUTH_KEY'), `${own}\n`);
    const { made, kept, values } = initSecrets({ folder });
    expect([made, kept]).toEqual([
      ['AUTH_KEY_PEPPER', 'DATA_ENCRYPTION_KEY', 'DATABASE_PASSWORD'],
      ['INTERNAL_AUTH_KEY'],
    ]);
    expect(values.INTERNAL_AUTH_KEY.reveal()).toBe(own);
  });

  test('rights that others have on folder and files are taken away', () => {
    initSecrets({ folder });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'AUTH_KEY_PEPPER'), 0o444);
    initSecrets({ folder });
    expect([modeOf(folder), modeOf(join(folder, 'AUTH_KEY_PEPPER'))]).toEqual(['700', '400']);
  });

  test('the address of a database gets the password, again when it moves', () => {
    const { values, made } = initSecrets({ folder, databaseUrl: 'postgresql://uapi@postgres:5432/uapi' });
    expect(made).toContain('DATABASE_URL');
    const read = () => readFileSync(join(folder, 'DATABASE_URL'), 'utf8');
    expect(read()).toBe(`postgresql://uapi:${values.DATABASE_PASSWORD.reveal()}@postgres:5432/uapi`);
    expect(initSecrets({ folder, databaseUrl: 'postgresql://uapi@postgres:5432/uapi' }).made).toEqual([]);
    expect(initSecrets({ folder, databaseUrl: 'postgresql://uapi@other/uapi' }).made).toEqual(['DATABASE_URL']);
    expect(read()).toBe(`postgresql://uapi:${values.DATABASE_PASSWORD.reveal()}@other/uapi`);
    expect(modeOf(join(folder, 'DATABASE_URL'))).toBe('600');
  });

  test('eight processes at once end with the same secrets', async () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const children = Array.from({ length: 8 }, () =>
      fork(main, ['secrets', 'init', '--json', '--folder', folder], { stdio: 'pipe', env: { NODE_OPTIONS: '' } }),
    );
    const answers = await Promise.all(
      children.map(async (child) => {
        let text = '';
        child.stdout?.on('data', (chunk) => (text += String(chunk)));
        expect(await once(child, 'close')).toEqual([0, null]);
        return JSON.parse(text) as { made: string[] };
      }),
    );
    // Each secret has one maker.
    expect(answers.flatMap(({ made }) => made).sort()).toEqual([...all].sort());
    expect(readdirSync(folder).sort()).toEqual([...all].sort());
  }, 60_000);
});

describe('refused', () => {
  test.each([
    ['AUTH_KEY_PEPPER', ''],
    ['AUTH_KEY_PEPPER', 'v1:c2hvcnQ='],
    ['INTERNAL_AUTH_KEY', 'swordfish'],
    ['DATABASE_PASSWORD', 'two words and more'],
  ])('a file %s with %j: named, its value not, and left alone', (name, text) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), text);
    let message = '';
    try {
      initSecrets({ folder });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(`${join(folder, name)} holds no usable secret`);
    if (text !== '') expect(message).not.toContain(text);
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });

  test('a folder that is a file', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => initSecrets({ folder: join(root, 'file') })).toThrow(
      /The folder of secrets .* cannot be used \(EEXIST\)/,
    );
  });
});
