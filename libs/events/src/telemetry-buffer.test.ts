import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBatchBuffer } from './telemetry-buffer.ts';

/** Timers that run when the test says so, and a writer whose batches end when the test says so. */
function startBuffer(limits: { capacity: number; batchSize: number; closeMs?: number }) {
  const timers = new Map<number, { run: () => void; ms: number }>();
  const written: number[][] = [];
  let nextTimer = 0;
  let dropped = 0;
  let open: { batch: readonly number[]; settle: (isWritten: boolean) => void } | undefined;
  const buffer = createBatchBuffer<number>({
    ...limits,
    waitMs: 100,
    onDropped: (count) => void (dropped += count),
    startTimer(run, ms) {
      const id = nextTimer++;
      timers.set(id, { run, ms });
      return () => timers.delete(id);
    },
    write: (batch) =>
      new Promise((resolve, reject) => {
        if (open) throw new Error('two batches at once');
        open = {
          batch,
          settle(isWritten) {
            open = undefined;
            if (!isWritten) return reject(new Error('away'));
            written.push([...batch]);
            resolve();
          },
        };
      }),
  });
  return {
    buffer,
    written,
    dropped: () => dropped,
    waits: () => [...timers.values()].map(({ ms }) => ms),
    underWay: () => open?.batch.length ?? 0,
    fire() {
      for (const [id, { run }] of [...timers]) {
        timers.delete(id);
        run();
      }
    },
    async settle(isWritten: boolean) {
      open?.settle(isWritten);
      await new Promise(setImmediate);
    },
  };
}

describe('a buffer', () => {
  test('writes when a batch is full, or when its first item has waited long enough', async () => {
    const { buffer, written, waits, fire, settle, underWay } = startBuffer({ capacity: 10, batchSize: 3 });
    buffer.add(1);
    expect(waits()).toEqual([100]);
    fire();
    await settle(true);
    for (const item of [2, 3, 4, 5]) buffer.add(item);
    expect(underWay()).toBe(3);
    await settle(true);
    expect(written).toEqual([[1], [2, 3, 4]]);
    expect([buffer.size(), waits()]).toEqual([1, [100]]);
  });

  test('refuses the newest when it is full, and counts it; what is under way takes room too', async () => {
    const { buffer, dropped, settle, fire } = startBuffer({ capacity: 3, batchSize: 2 });
    expect([1, 2, 3, 4, 5].map(buffer.add)).toEqual([true, true, true, false, false]);
    expect(dropped()).toBe(2);
    await settle(true);
    expect([buffer.size(), buffer.add(6)]).toEqual([1, true]);
    fire();
  });

  test('keeps a batch that was not written, and waits longer each time', async () => {
    const { buffer, written, waits, fire, settle } = startBuffer({ capacity: 10, batchSize: 2 });
    for (const item of [1, 2, 3]) buffer.add(item);
    const seen: number[] = [];
    for (let time = 0; time < 6; time += 1) {
      await settle(false);
      buffer.add(10 + time);
      seen.push(...waits());
      fire();
    }
    expect(seen).toEqual([100, 200, 400, 800, 1_600, 2_000]);
    while (buffer.size() > 0) {
      await settle(true);
      fire();
    }
    expect(written.flat()).toEqual([1, 2, 3, 10, 11, 12, 13, 14, 15]);
  });

  test('is empty after close, and takes nothing more', async () => {
    const { buffer, written, dropped, settle } = startBuffer({ capacity: 10, batchSize: 4 });
    for (const item of [1, 2, 3, 4, 5]) buffer.add(item);
    const closed = buffer.close();
    await settle(true);
    await settle(true);
    await closed;
    expect(written).toEqual([[1, 2, 3, 4], [5]]);
    expect([buffer.add(6), dropped()]).toEqual([false, 1]);
  });

  test('closed while the writer is away, counts what is lost', async () => {
    const { buffer, dropped, settle, fire } = startBuffer({ capacity: 10, batchSize: 4 });
    for (const item of [1, 2, 3]) buffer.add(item);
    const closed = buffer.close();
    while (buffer.size() > 0) {
      await settle(false);
      fire();
    }
    await closed;
    expect([dropped(), buffer.size()]).toEqual([3, 0]);
  });

  test('closed while the writer does not answer, waits so long and no longer, and counts what is lost', async () => {
    const { buffer, dropped, underWay } = startBuffer({ capacity: 10, batchSize: 4, closeMs: 1 });
    for (const item of [1, 2, 3, 4, 5]) buffer.add(item);
    await buffer.close();
    expect([underWay(), dropped(), buffer.size()]).toEqual([4, 5, 0]);
  });
});

describe('whatever happens', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('fire' as const) }),
    fc.record({ kind: fc.constant('settle' as const), isWritten: fc.boolean() }),
    fc.record({ kind: fc.constant('flush' as const) }),
  );
  const limits = fc.record({ capacity: fc.integer({ min: 1, max: 12 }), batchSize: fc.integer({ min: 1, max: 5 }) });

  test('there is never more than the capacity, the order holds, and every item is written once or counted', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), async (bounds, steps) => {
        const { buffer, written, dropped, fire, settle } = startBuffer(bounds);
        const taken: number[] = [];
        const flushes: Promise<void>[] = [];
        let given = 0;
        for (const action of steps) {
          if (action.kind === 'add')
            for (let left = action.count; left > 0; left -= 1) if (buffer.add(++given)) taken.push(given);
          if (action.kind === 'fire') fire();
          if (action.kind === 'flush') flushes.push(buffer.flush());
          if (action.kind === 'settle') await settle(action.isWritten);
          expect(buffer.size()).toBeLessThanOrEqual(bounds.capacity);
          expect(given).toBe(written.flat().length + buffer.size() + dropped());
        }
        const closed = buffer.close();
        while (buffer.size() > 0) {
          await settle(true);
          fire();
        }
        await settle(true);
        await Promise.all([closed, ...flushes]);
        expect(written.flat()).toEqual(taken);
        expect(written.every(({ length }) => length <= bounds.batchSize)).toBe(true);
        expect(given).toBe(taken.length + dropped());
      }),
      { numRuns: 200 },
    );
  });
});
