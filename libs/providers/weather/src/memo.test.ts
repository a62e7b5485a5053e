import { describe, expect, test } from '@jest/globals';
import { createMemo } from './memo.ts';

describe('a memo', () => {
  const startMemo = (limit = 2) => {
    const clock = { time: 0 };
    let loads = 0;
    const memo = createMemo<number>({ limit, maxAgeMs: 100, now: () => clock.time });
    const ask = (key: string) => memo.remember(key, () => Promise.resolve(++loads));
    return { clock, memo, ask };
  };

  test('loads once while an entry is young, and anew after that', async () => {
    const { clock, ask } = startMemo();
    expect([await ask('a'), await ask('a')]).toEqual([1, 1]);
    clock.time = 100;
    expect(await ask('a')).toBe(2);
  });

  test('never keeps more than its limit: the oldest leaves', async () => {
    const { ask } = startMemo();
    await ask('a');
    await ask('b');
    await ask('c');
    expect([await ask('b'), await ask('c'), await ask('a')]).toEqual([2, 3, 4]);
  });

  test('does not keep a failure', async () => {
    const { memo, ask } = startMemo();
    await expect(memo.remember('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await ask('a')).toBe(1);
  });
});
