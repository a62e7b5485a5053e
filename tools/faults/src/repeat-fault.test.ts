import { describe, expect, test } from '@jest/globals';
import { repeatFault } from './repeat-fault.ts';

describe('ok', () => {
  test('it happens again and again until it is stopped, and never after', async () => {
    let calls = 0;
    let third: () => void;
    const reached = new Promise<void>((resolve) => (third = resolve));
    const fault = repeatFault(1, () => {
      calls += 1;
      if (calls === 3) third();
    });
    await reached;
    await fault.stop();
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(fault.times).toBe(calls);
  });

  test('stop waits for the one under way', async () => {
    let finish: () => void = () => {};
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const fault = repeatFault(1, () => {
      begin();
      return new Promise<void>((resolve) => (finish = resolve));
    });
    await begun;
    const stopped = fault.stop();
    expect(fault.times).toBe(0);
    finish();
    await stopped;
    expect(fault.times).toBe(1);
  });
});

describe('a fault that fails', () => {
  test('is the last one, and stop tells it', async () => {
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const fault = repeatFault(1, () => {
      begin();
      throw new Error('it would not die');
    });
    await begun;
    await expect(fault.stop()).rejects.toThrow('it would not die');
    expect(fault.times).toBe(0);
  });
});
