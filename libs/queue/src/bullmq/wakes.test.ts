import { describe, expect, test } from '@jest/globals';
import { createSingleRuns } from './single-runs.ts';
import { createWakes, type WakeResult } from './wakes.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('rings on their way', () => {
  test('of one key become one more after the one that is under way', async () => {
    const wakes = createWakes();
    const gate = Promise.withResolvers<void>();
    let sent = 0;
    const results: WakeResult[] = [];
    const wake = { send: () => (sent++, gate.promise), report: (result: WakeResult) => void results.push(result) };
    for (let count = 0; count < 51; count++) wakes.ring('a', wake);
    expect(sent).toBe(1);
    gate.resolve();
    await settle();
    expect([sent, results]).toEqual([2, ['sent', 'sent']]);
  });

  test('that the store does not answer are a thousand at most; the others are dropped and counted', async () => {
    const wakes = createWakes();
    const gate = Promise.withResolvers<void>();
    let dropped = 0;
    const wake = { send: () => gate.promise, report: (result: WakeResult) => void (result === 'dropped' && dropped++) };
    for (let count = 0; count < 1_500; count++) wakes.ring(`k${count}`, wake);
    expect(dropped).toBe(500);
    gate.resolve();
    await settle();
    wakes.ring('later', wake);
    expect(dropped).toBe(500);
  });

  test('that fail are told of and not sent again', async () => {
    const wakes = createWakes();
    const results: WakeResult[] = [];
    wakes.ring('a', { send: () => Promise.reject(new Error('no')), report: (result) => void results.push(result) });
    await settle();
    expect(results).toEqual(['failed']);
  });
});

describe('runs of one id in a process', () => {
  test('follow each other: whatever comes during a run is one more', async () => {
    const runs = createSingleRuns();
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const work = async () => {
      begun++;
      await gate.promise;
    };
    const first = runs.run('a', work);
    await Promise.all([runs.run('a', work), runs.run('a', work)]);
    expect([begun, runs.count()]).toEqual([1, 1]);
    const idle = runs.whenIdle();
    gate.resolve();
    await Promise.all([first, idle]);
    expect([begun, runs.count()]).toEqual([2, 0]);
  });
});
