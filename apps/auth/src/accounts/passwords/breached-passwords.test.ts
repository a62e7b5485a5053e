import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBreachedPasswords } from './breached-passwords.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-breached-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const listed = Array.from({ length: 150 }, (_, index) => `listed ${index}`);
const hashes = listed.map((word) => createHash('sha1').update(word).digest('hex').toUpperCase()).sort();

test.each([
  ['with counts', (hash: string, index: number) => `${hash}:${index % 7 === 0 ? index : 123_456_789}`, '\n'],
  ['without', (hash: string) => hash, '\n'],
  ['with line ends of Windows', (hash: string) => `${hash}:1`, '\r\n'],
])('every password in the list is found and no other: %s', async (_name, toLine, end) => {
  for (const last of ['', end]) {
    const file = join(folder, 'list.txt');
    writeFileSync(file, hashes.map(toLine).join(end) + last);
    const list = await openBreachedPasswords(file);
    for (const word of listed) expect(await list.has(word)).toBe(true);
    for (let index = 0; index < 150; index += 1) expect(await list.has(`other ${index}`)).toBe(false);
    await list.close();
  }
});

test('a file of one line works, and one that is no such list is refused by its name', async () => {
  const file = join(folder, 'one.txt');
  writeFileSync(file, hashes[0] ?? '');
  const list = await openBreachedPasswords(file);
  expect(await list.has('other')).toBe(false);
  await list.close();
  for (const text of ['', 'password\nletmein\n']) {
    writeFileSync(file, text);
    await expect(openBreachedPasswords(file)).rejects.toThrow(`${file} is no list of SHA-1 hashes`);
  }
});
