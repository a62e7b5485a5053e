import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFakeTime, type FakeTime } from '../../test/fake-time.ts';
import { collectUntil, quorum, type Scattered, type ScatterOptions, type ScatterSlot } from './collect-until.ts';
import { createLeftoverLimit } from './leftover-limit.ts';

interface Plan {
  readonly ms: number;
  readonly fails?: boolean;
  readonly weight?: number;
  readonly needed?: boolean;
  readonly category?: string;
  readonly isLate?: boolean;
}

class Void extends Error {}

function scatter(plans: readonly Plan[], changes: Partial<ScatterOptions<string>> = {}, time = createFakeTime()) {
  const aborted: string[] = [];
  const slots = plans.map((plan, index) => toSlot(plan, index, plans.length, { time, aborted }));
  const leaving = new AbortController();
  const state: { result?: Scattered<string>; endedAt?: number; error?: unknown } = {};
  const done = collectUntil({
    slots,
    mode: 'balanced',
    softMs: 200,
    hardMs: 1_000,
    clock: time,
    leftovers: createLeftoverLimit(),
    signal: leaving.signal,
    isVoid: (error) => error instanceof Void,
    ...changes,
  }).then(
    (result) => Object.assign(state, { result, endedAt: time.now() }),
    (error: unknown) => Object.assign(state, { error, endedAt: time.now() }),
  );
  return { time, state, aborted, leave: (reason: unknown) => leaving.abort(reason), done };
}

function toSlot(
  { ms, fails, weight, needed, category, isLate }: Plan,
  index: number,
  count: number,
  { time, aborted }: { time: FakeTime; aborted: string[] },
): ScatterSlot<string> {
  const id = `s${index}`;
  return {
    id,
    category: category ?? 'only',
    weight: weight ?? 1 / count,
    needed: needed ?? false,
    isLate,
    run: (signal) =>
      new Promise((resolve, reject) => {
        const callOff = time.after(ms, () => (fails ? reject(new Error(id)) : resolve(id)));
        signal.addEventListener('abort', () => {
          callOff();
          aborted.push(id);
          reject(signal.reason);
        });
      }),
  };
}

const four = (last: number): Plan[] => [{ ms: 10 }, { ms: 20 }, { ms: 30 }, { ms: last }];

describe('when a search returns', () => {
  test('at once when all have settled, answered or failed', async () => {
    const { time, state } = scatter([{ ms: 10 }, { ms: 50, fails: true }]);
    await time.pass(1_000);
    expect(state.endedAt).toBe(50);
    expect(state.result?.endedBy).toBe('all_settled');
    expect([...(state.result?.settled.values() ?? [])].map(({ kind }) => kind)).toEqual(['answered', 'failed']);
  });

  test('at the soft deadline when the quorum is there', async () => {
    const { time, state } = scatter(four(900));
    await time.pass(199);
    expect(state.endedAt).toBeUndefined();
    await time.pass(1);
    expect(state.endedAt).toBe(200);
    expect(state.result?.endedBy).toBe('quorum');
    expect(state.result?.settled.size).toBe(3);
  });

  test('when the quorum arrives, if it comes later than the soft deadline', async () => {
    const { time, state } = scatter([{ ms: 10 }, { ms: 20 }, { ms: 450 }, { ms: 900 }]);
    await time.pass(1_000);
    expect(state.endedAt).toBe(450);
  });

  test('at the hard deadline in any case', async () => {
    const { time, state } = scatter([{ ms: 10 }, { ms: 5_000 }]);
    await time.pass(2_000);
    expect(state.endedAt).toBe(1_000);
    expect(state.result?.endedBy).toBe('hard_deadline');
  });

  test('at once when there is nothing to ask', async () => {
    const { time, state } = scatter([]);
    await time.pass(0);
    expect(state.endedAt).toBe(0);
  });

  test('fast: as soon as there is a quorum', async () => {
    const { time, state } = scatter(four(900), { mode: 'fast' });
    await time.pass(1_000);
    expect(state.endedAt).toBe(30);
  });

  test('complete: not before the last or the hard deadline', async () => {
    const one = scatter(four(900), { mode: 'complete' });
    await one.time.pass(2_000);
    expect(one.state.endedAt).toBe(900);
    const other = scatter(four(9_000), { mode: 'complete' });
    await other.time.pass(2_000);
    expect(other.state.endedAt).toBe(1_000);
  });
});

describe('what a quorum is', () => {
  test('a needed category that has not answered is waited for, however little it weighs', async () => {
    const { time, state } = scatter([
      { ms: 10, weight: 0.9 },
      { ms: 600, weight: 0.1, needed: true, category: 'needed' },
    ]);
    await time.pass(1_000);
    expect(state.endedAt).toBe(600);
  });

  test('a needed category of which all failed is not waited for', async () => {
    const { time, state } = scatter([
      { ms: 10, weight: 0.8 },
      { ms: 20, weight: 0.1, needed: true, category: 'needed', fails: true },
      { ms: 900, weight: 0.1, category: 'other' },
    ]);
    await time.pass(1_000);
    expect(state.endedAt).toBe(200);
  });

  test('one answer of a needed category is enough', async () => {
    const { time, state } = scatter([
      { ms: 10, weight: 0.8, needed: true, category: 'needed' },
      { ms: 900, weight: 0.2, needed: true, category: 'needed' },
    ]);
    await time.pass(1_000);
    expect(state.endedAt).toBe(200);
  });

  test('a slot that is late as a rule does not hold it up, unless a needed category has no other', async () => {
    const late = scatter([
      { ms: 10, weight: 0.5 },
      { ms: 900, weight: 0.5, isLate: true },
    ]);
    await late.time.pass(1_000);
    expect(late.state.endedAt).toBe(200);
    const only = scatter([
      { ms: 10, weight: 0.5 },
      { ms: 900, weight: 0.5, isLate: true, needed: true, category: 'slow' },
    ]);
    await only.time.pass(1_000);
    expect(only.state.endedAt).toBe(900);
  });

  test('a question that turned out to be none has no weight', async () => {
    const time = createFakeTime();
    const run = () => Promise.reject(new Void());
    const { state } = scatter(
      [
        { ms: 10, weight: 0.3 },
        { ms: 800, weight: 0.1 },
      ],
      {},
      time,
    );
    await time.pass(1_000);
    expect(state.endedAt).toBe(200);
    const none: ScatterSlot<string> = { id: 'none', category: 'x', weight: 0.6, needed: true, run };
    const options = {
      mode: 'balanced',
      softMs: 200,
      hardMs: 1_000,
      clock: time,
      leftovers: createLeftoverLimit(),
    } as const;
    const answer: ScatterSlot<string> = {
      ...none,
      id: 'yes',
      category: 'y',
      weight: 0.4,
      run: () => Promise.resolve('yes'),
    };
    const open: ScatterSlot<string> = {
      ...none,
      id: 'open',
      category: 'z',
      needed: false,
      weight: 0.1,
      run: () => new Promise(() => {}),
    };
    const collected = collectUntil({
      ...options,
      slots: [none, answer, open],
      signal: new AbortController().signal,
      isVoid: (error) => error instanceof Void,
    });
    await time.pass(200);
    expect((await collected).settled.get('none')?.kind).toBe('void');
  });
});

describe('what is still open', () => {
  test('when the search returns runs on to the hard deadline, and is aborted then', async () => {
    const { time, state, aborted } = scatter(four(5_000));
    await time.pass(200);
    expect(state.endedAt).toBe(200);
    expect(aborted).toEqual([]);
    await time.pass(799);
    expect(aborted).toEqual([]);
    await time.pass(1);
    expect(aborted).toEqual(['s3']);
    expect(time.pending()).toBe(0);
  });

  test('tells of its late answer, and leaves its place to others', async () => {
    const told: string[] = [];
    const leftovers = createLeftoverLimit(1);
    const { time, state } = scatter(four(700), {
      leftovers,
      onSettled: ({ id }, { kind }) => told.push(`${id} ${kind}`),
    });
    await time.pass(200);
    expect(state.result?.settled.has('s3')).toBe(false);
    expect(leftovers.take()).toBe(false);
    await time.pass(600);
    expect(told).toContain('s3 answered');
    expect(state.result?.settled.has('s3')).toBe(false);
    expect(leftovers.take()).toBe(true);
    expect(time.pending()).toBe(0);
  });

  test('is aborted at once when too many run on already', async () => {
    const { time, aborted } = scatter(four(700), { leftovers: createLeftoverLimit(0) });
    await time.pass(200);
    expect(aborted).toEqual(['s3']);
  });

  test('is aborted at once, all of it, when the caller leaves', async () => {
    const { time, state, aborted, leave } = scatter(four(700));
    await time.pass(15);
    const reason = new Error('left');
    leave(reason);
    await time.pass(0);
    expect(state.error).toBe(reason);
    expect(aborted).toEqual(['s1', 's2', 's3']);
    expect(time.pending()).toBe(0);
  });
});

test('a slot that throws before its first wait has failed like any other', async () => {
  const time = createFakeTime();
  const slot: ScatterSlot<string> = {
    id: 'broken',
    category: 'only',
    weight: 1,
    needed: true,
    run: () => {
      throw new Error('at once');
    },
  };
  const collected = collectUntil({
    slots: [slot],
    mode: 'balanced',
    softMs: 200,
    hardMs: 1_000,
    clock: time,
    leftovers: createLeftoverLimit(),
    signal: new AbortController().signal,
  });
  await time.pass(0);
  expect((await collected).settled.get('broken')?.kind).toBe('failed');
});

test('of any plan: it returns by the hard deadline; before it only with all settled or a quorum after the soft one', async () => {
  const plan = fc.record({
    ms: fc.integer({ min: 0, max: 3_000 }),
    fails: fc.boolean(),
    weight: fc.integer({ min: 1, max: 10 }),
    needed: fc.boolean(),
    category: fc.constantFrom('a', 'b', 'c'),
  });
  const mode = fc.constantFrom('fast' as const, 'balanced' as const, 'complete' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 12 }), mode, async (plans, how) => {
      const { time, state } = scatter(plans, { mode: how });
      await time.pass(4_000);
      const { endedAt = Infinity, result } = state;
      expect(endedAt).toBeLessThanOrEqual(1_000);
      const settledBy = (at: number) => plans.filter(({ ms }) => ms <= at);
      expect(result?.settled.size).toBeLessThanOrEqual(settledBy(endedAt).length);
      if (result?.endedBy === 'all_settled') expect(settledBy(endedAt)).toHaveLength(plans.length);
      if (result?.endedBy === 'quorum') {
        const total = plans.reduce((sum, { weight }) => sum + weight, 0);
        const answered = settledBy(endedAt).reduce((sum, { weight, fails }) => sum + (fails ? 0 : weight), 0);
        expect(answered).toBeGreaterThanOrEqual(quorum * total - 1e-6);
        if (how === 'balanced') expect(endedAt).toBeGreaterThanOrEqual(200);
        expect(how).not.toBe('complete');
      }
      expect(time.pending()).toBe(0);
    }),
    { numRuns: 200 },
  );
});
