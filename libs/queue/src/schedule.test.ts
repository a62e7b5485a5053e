import { describe, expect, test } from '@jest/globals';
import { startTicker, type TickClock, type TickReport, type TickTask } from './schedule.ts';

/** A clock that stands until it is moved on. */
function createFakeClock() {
  let now = 0;
  let waits: { at: number; resolve: () => void }[] = [];
  const clock: TickClock = {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        waits.push({ at: now + ms, resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  return {
    clock,
    /** Moves on by steps of 100 ms, and lets everything happen that is due. */
    async advance(ms: number) {
      for (const end = now + ms; now < end;) {
        now += 100;
        const due = waits.filter(({ at }) => at <= now);
        waits = waits.filter(({ at }) => at > now);
        for (const { resolve } of due) resolve();
        await settle();
      }
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A ticker over tasks, and all that it reports. */
async function open(...tasks: ((clock: TickClock) => TickTask)[]) {
  const fake = createFakeClock();
  const reports: TickReport[] = [];
  const ticker = startTicker({
    tasks: tasks.map((make) => make(fake.clock)),
    clock: fake.clock,
    report: (report) => reports.push(report),
  });
  await settle();
  return { ...fake, ticker, reports };
}

describe('the tick', () => {
  test('gives a turn at once and one each second, without drift', async () => {
    const times: number[] = [];
    const count = (clock: TickClock) => ({ name: 'count', run: async () => void times.push(clock.now()) });
    const { advance, ticker } = await open(count);
    await advance(3_000);
    await ticker.close();
    await advance(5_000);
    expect(times).toEqual([0, 1_000, 2_000, 3_000]);
  });

  test('a task never overlaps itself: a slow turn takes the place of those that it covers', async () => {
    const times: number[] = [];
    let running = 0;
    const { advance, ticker } = await open((clock) => ({
      name: 'slow',
      async run(signal) {
        expect(++running).toBe(1);
        times.push(clock.now());
        await clock.wait(2_300, signal);
        running--;
      },
    }));
    await advance(7_000);
    expect(times).toEqual([0, 3_000, 6_000]);
    await ticker.close();
  });

  test('a task that throws has its next turn as usual, is reported, and does not touch the others', async () => {
    let turns = 0;
    const { advance, ticker, reports } = await open(
      () => ({ name: 'bad', run: () => Promise.reject(new Error('no')) }),
      () => ({ name: 'good', run: async () => void turns++ }),
    );
    await advance(2_000);
    await ticker.close();
    expect(turns).toBe(3);
    expect(reports.filter(({ kind, task }) => kind === 'failed' && task === 'bad')).toHaveLength(3);
  });

  test('a turn that takes longer than 10 s is told to end, and has no second one beside it', async () => {
    let turns = 0;
    let signal: AbortSignal | undefined;
    const { advance, ticker } = await open(() => ({
      name: 'stuck',
      run: (own) => {
        turns++;
        signal = own;
        return new Promise((resolve) => own.addEventListener('abort', () => resolve(), { once: true }));
      },
    }));
    await advance(9_900);
    expect([turns, signal?.aborted]).toEqual([1, false]);
    await advance(100);
    expect(signal?.aborted).toBe(true);
    await advance(1_000);
    expect(turns).toBe(2);
    await ticker.close();
  });

  test('closing aborts the turn under way and waits for it', async () => {
    let isEnded = false;
    const { ticker } = await open(() => ({
      name: 'long',
      async run(signal) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        isEnded = true;
      },
    }));
    await ticker.close();
    expect(isEnded).toBe(true);
  });
});
