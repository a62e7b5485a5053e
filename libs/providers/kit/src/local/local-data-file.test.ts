import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLocalData, writeLocalData } from './local-data-file.ts';
import { onFirstUse } from './on-first-use.ts';
import { ProviderFailure } from '../provider-failure.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file of compiled local data', () => {
  test('gives back each section, whole and in part, and leaves nothing else in the folder', async () => {
    const path = join(folder, 'sample.bin');
    await writeLocalData(path, {
      numbers: new Uint8Array(Float64Array.of(1.5, -2).buffer),
      text: Buffer.from('héllo'),
      none: new Uint8Array(0),
    });
    const data = openLocalData(pathToFileURL(path));
    expect([...new Float64Array(data.bytes('numbers'))]).toEqual([1.5, -2]);
    expect(Buffer.from(data.bytes('text')).toString()).toBe('héllo');
    expect(data.bytes('none').byteLength).toBe(0);
    expect((await data.part('text', 3, 3)).toString()).toBe('llo');
    await expect(data.part('text', 5, 9)).rejects.toThrow('beyond');
    expect(() => data.bytes('other')).toThrow('compile-data.ts');
    data.close();
    expect(await readdir(folder)).toEqual(['sample.bin']);
  });

  test('missing or of another kind names the command that makes it', async () => {
    const other = join(folder, 'other.bin');
    await writeFile(other, 'something else entirely');
    expect(() => openLocalData(pathToFileURL(join(folder, 'absent.bin')))).toThrow('compile-data.ts');
    expect(() => openLocalData(pathToFileURL(other))).toThrow('compile-data.ts');
    await rm(other);
  });
});

describe('onFirstUse', () => {
  test('loads once for callers at once, and a failed load is tried anew', async () => {
    let calls = 0;
    const use = onFirstUse('local_sample', async () => {
      await Promise.resolve();
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return { calls };
    });
    expect(calls).toBe(0);
    const failures = await Promise.all([use(), use()].map((given) => given.catch((cause: unknown) => cause)));
    expect(failures.map((failure) => ProviderFailure.is(failure) && failure.failure)).toEqual([
      'retry_elsewhere',
      'retry_elsewhere',
    ]);
    expect(await use()).toBe(await use());
    expect(calls).toBe(2);
  });

  test('a load that throws at once is tried anew too', async () => {
    let calls = 0;
    const use = onFirstUse('local_sample', () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls;
    });
    await expect(use()).rejects.toThrow('not yet');
    expect(await use()).toBe(2);
  });
});
