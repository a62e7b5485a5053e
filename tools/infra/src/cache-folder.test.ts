import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filledOnce } from './cache-folder.ts';

const cache = mkdtempSync(join(tmpdir(), 'uapi-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const write = (text: string) => async (folder: string) => writeFileSync(join(folder, 'file'), text);

describe('ok', () => {
  test('it is filled once', async () => {
    const folder = await filledOnce('once', write('first'), cache);
    expect(await filledOnce('once', write('second'), cache)).toBe(folder);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first');
  });

  test('two that fill at once end with one whole folder', async () => {
    const folders = await Promise.all(['a', 'b'].map((text) => filledOnce('both', write(text), cache)));
    expect(folders[0]).toBe(folders[1]);
    expect(['a', 'b']).toContain(readFileSync(join(folders[0] ?? '', 'file'), 'utf8'));
    expect(readdirSync(cache).filter((name) => name.includes('unfinished'))).toEqual([]);
  });
});

describe('cut off', () => {
  test('what failed half way is never taken for whole, and the next one fills anew', async () => {
    const half = async (folder: string) => {
      await write('half')(folder);
      throw new Error('the network is gone');
    };
    await expect(filledOnce('half', half, cache)).rejects.toThrow('the network is gone');
    expect(existsSync(join(cache, 'half'))).toBe(false);
    expect(readFileSync(join(await filledOnce('half', write('whole'), cache), 'file'), 'utf8')).toBe('whole');
  });

  test('what a killed run left is not looked at', async () => {
    mkdirSync(join(cache, 'killed.unfinished-abcdef'));
    writeFileSync(join(cache, 'killed.unfinished-abcdef', 'file'), 'half');
    expect(readFileSync(join(await filledOnce('killed', write('whole'), cache), 'file'), 'utf8')).toBe('whole');
  });
});
