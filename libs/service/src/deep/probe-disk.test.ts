import { describe, expect, test } from '@jest/globals';
import type { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { diskDependency } from './probe-disk.ts';

const gib = 1024 ** 3;
const disk = (freeGib: number, allGib: number) =>
  (async () => ({
    bavail: (freeGib * gib) / 4096,
    blocks: (allGib * gib) / 4096,
    bsize: 4096,
  })) as unknown as typeof statfs;

describe('the disk', () => {
  test.each([
    [4, 8, undefined],
    [0.7, 8, { status: 'degraded', detailCode: 'nearly_full' }],
    [0.1, 8, { status: 'unhealthy', detailCode: 'full' }],
    // Six free GiB of a large disk are a small share, and room enough.
    [6, 4_000, undefined],
  ])('%p GiB free of %p', async (free, all, finding) => {
    expect(await diskDependency('/data', disk(free, all)).probe()).toEqual(finding);
  });

  test('is asked of the file system itself', async () => {
    await expect(diskDependency(`${tmpdir()}/not/there`).probe()).rejects.toThrow('ENOENT');
    await expect(diskDependency(tmpdir()).probe()).resolves.not.toThrow();
  });
});
