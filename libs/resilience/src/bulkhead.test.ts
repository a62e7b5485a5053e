import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { BulkheadFull, createBulkhead } from './bulkhead.ts';

const limits = { concurrent: 2, queued: 2, waitMs: 250 };

function gate() {
  let open: (value: string) => void = () => undefined;
  const passed = new Promise<string>((resolve) => (open = resolve));
  return { open, call: () => passed };
}

describe('slots', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('calls beyond the slots wait, and begin in the order they came', async () => {
    const bulkhead = createBulkhead(limits);
    const [first, second] = [gate(), gate()];
    const order: string[] = [];
    const note = (name: string) => async () => void order.push(name);
    const running = [bulkhead.run(first.call), bulkhead.run(second.call)];
    const waiting = [bulkhead.run(note('third')), bulkhead.run(note('fourth'))];
    expect([bulkhead.running(), bulkhead.waiting(), order]).toEqual([2, 2, []]);
    first.open('1');
    await Promise.all(waiting);
    second.open('2');
    expect([await Promise.all(running), order]).toEqual([
      ['1', '2'],
      ['third', 'fourth'],
    ]);
    expect([bulkhead.running(), bulkhead.waiting(), jest.getTimerCount()]).toEqual([0, 0, 0]);
  });

  test('a full queue refuses at once, without making the call', async () => {
    const bulkhead = createBulkhead(limits);
    const door = gate();
    const inside = [1, 2, 3, 4].map(() => bulkhead.run(door.call));
    const call = jest.fn(door.call);
    await expect(bulkhead.run(call)).rejects.toBeInstanceOf(BulkheadFull);
    expect(call).not.toHaveBeenCalled();
    door.open('done');
    await Promise.all(inside);
  });

  test('a wait ends after its time with the same error', async () => {
    const bulkhead = createBulkhead(limits);
    const door = gate();
    const inside = [bulkhead.run(door.call), bulkhead.run(door.call)];
    const late = bulkhead.run(door.call);
    jest.advanceTimersByTime(249);
    expect(bulkhead.waiting()).toBe(1);
    jest.advanceTimersByTime(1);
    await expect(late).rejects.toMatchObject({ name: 'BulkheadFull', code: 'overloaded' });
    door.open('done');
    await Promise.all(inside);
    expect([bulkhead.running(), bulkhead.waiting()]).toEqual([0, 0]);
  });

  test('a caller who leaves the queue gives his place away and keeps no timer', async () => {
    const bulkhead = createBulkhead({ ...limits, queued: 1 });
    const door = gate();
    const inside = [bulkhead.run(door.call), bulkhead.run(door.call)];
    const leaver = new AbortController();
    const left = bulkhead.run(door.call, leaver.signal);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect([bulkhead.waiting(), jest.getTimerCount()]).toEqual([0, 0]);
    const next = bulkhead.run(async () => 'next');
    door.open('done');
    expect(await next).toBe('next');
    await Promise.all(inside);
  });

  test('a caller who left before he came, or as his slot came free, makes no call and takes no slot', async () => {
    const bulkhead = createBulkhead({ ...limits, concurrent: 1 });
    const call = jest.fn(async () => 'never');
    await expect(bulkhead.run(call, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const door = gate();
    const leaver = new AbortController();
    const inside = bulkhead.run(door.call).then(() => leaver.abort(new Error('too late')));
    const waiting = bulkhead.run(call, leaver.signal);
    leaver.signal.throwIfAborted();
    door.open('done');
    await inside;
    await waiting.catch(() => undefined);
    expect(bulkhead.running()).toBe(0);
  });
});

test('whatever the calls do, no more than allowed run, and every slot comes back', async () => {
  const calls = fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(calls, async (list) => {
      const bulkhead = createBulkhead({ concurrent: 3, queued: 10, waitMs: 60_000 });
      let inside = 0;
      let most = 0;
      const results = await Promise.allSettled(
        list.map(({ turns, fails }) =>
          bulkhead.run(async () => {
            inside += 1;
            most = Math.max(most, inside);
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            inside -= 1;
            if (fails) throw new Error('failed');
          }),
        ),
      );
      const full = results.filter((end) => end.status === 'rejected' && end.reason instanceof BulkheadFull);
      expect(most).toBeLessThanOrEqual(3);
      expect(full).toHaveLength(Math.max(0, list.length - 13));
      expect([bulkhead.running(), bulkhead.waiting()]).toEqual([0, 0]);
    }),
  );
});
