import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countCalls } from './count-calls.ts';
import { createLeaseBook, type LeaseGrant, type LeaseWish, type Unit } from './lease-book.ts';

const tenantId = '0190b5c2-7a10-7000-8000-00000000000c';
const start = 1_800_000_000_000;

/** A ledger in memory: so many units, in leases of at most so many. */
function createLedger(limit: number, most: number) {
  const clock = { time: start, now: () => clock.time };
  const state = { wishes: [] as LeaseWish[], spent: 0, isAway: false };
  const open = new Map<string, number>();
  const takeLease = async (wish: LeaseWish): Promise<LeaseGrant> => {
    state.wishes.push(wish);
    await Promise.resolve();
    if (state.isAway) throw new Error('away');
    const before = wish.leaseId === undefined ? undefined : open.get(wish.leaseId);
    if (wish.leaseId !== undefined && before !== undefined) {
      open.delete(wish.leaseId);
      expect(wish.returned).toBeLessThanOrEqual(before);
      state.spent += before - wish.returned;
    }
    const held = [...open.values()].reduce((sum, units) => sum + units, 0);
    const granted = wish.wanted === 0 ? 0 : Math.min(most, limit - state.spent - held);
    const resetsAt = start + 3_600_000;
    if (granted <= 0) return { unlimited: false, granted: 0, resetsAt };
    const leaseId = `lease ${state.wishes.length}`;
    open.set(leaseId, granted);
    return { unlimited: false, leaseId, granted, until: clock.time + 30_000, resetsAt };
  };
  const book = createLeaseBook({ takeLease, clock });
  return { clock, state, book };
}

const heldOf = (units: readonly Unit[]) => units.filter(({ isHeld }) => isHeld).length;
const takeMany = (book: { take(tenant: string): Unit | Promise<Unit> }, count: number) =>
  Promise.all(Array.from({ length: count }, () => book.take(tenantId)));

describe('units of a tenant', () => {
  test('are at hand without asking while a lease lasts', async () => {
    const { book, state } = createLedger(1_000, 10);
    await book.take(tenantId);
    for (let unit = 0; unit < 9; unit++) expect(book.take(tenantId)).not.toBeInstanceOf(Promise);
    expect(state.wishes).toHaveLength(1);
    expect(book.take(tenantId)).toBeInstanceOf(Promise);
  });

  test('are asked for once by all who wait', async () => {
    const { book, state } = createLedger(1_000, 10);
    expect(heldOf(await takeMany(book, 10))).toBe(10);
    expect(state.wishes).toHaveLength(1);
  });

  test('are refused when the quota is used up, and asked for again after 5 s', async () => {
    const { book, state, clock } = createLedger(3, 1);
    const units = await takeMany(book, 5);
    expect(heldOf(units)).toBe(3);
    expect(units.at(-1)).toEqual({ isHeld: false, reason: 'quota', availableAt: start + 3_600_000 });
    const asked = state.wishes.length;
    expect(book.take(tenantId)).toMatchObject({ isHeld: false });
    expect(state.wishes).toHaveLength(asked);
    clock.time += 5_000;
    expect(book.take(tenantId)).toBeInstanceOf(Promise);
  });

  test('are refused for a second, and not as used up, while the ledger is away', async () => {
    const { book, state, clock } = createLedger(10, 5);
    state.isAway = true;
    expect(await book.take(tenantId)).toMatchObject({ isHeld: false, reason: 'slots_unavailable' });
    state.isAway = false;
    expect(await book.take(tenantId)).toMatchObject({ isHeld: false });
    clock.time += 1_000;
    expect(await book.take(tenantId)).toMatchObject({ isHeld: true });
  });

  test('that were not used come back when the lease ends, once', async () => {
    const { book, state, clock } = createLedger(100, 10);
    await book.take(tenantId);
    await book.giveBackEnded();
    expect(state.wishes).toHaveLength(1);
    clock.time += 30_000;
    state.isAway = true;
    await book.giveBackEnded();
    state.isAway = false;
    await book.giveBackEnded();
    await book.giveBackEnded();
    expect(state.wishes.slice(1)).toEqual([1, 2].map(() => ({ tenantId, leaseId: 'lease 1', returned: 9, wanted: 0 })));
    expect(state.spent).toBe(1);
  });

  test('of a lease whose end is past by our clock still serve for a second', async () => {
    const clock = { time: start, now: () => clock.time };
    const takeLease = () => Promise.resolve({ unlimited: false, leaseId: 'x', granted: 2, until: start - 60_000 });
    expect(await createLeaseBook({ takeLease, clock }).take(tenantId)).toMatchObject({ isHeld: true });
  });

  test('are without number, and without asking again for 30 s, where there is no quota', async () => {
    const clock = { time: start, now: () => clock.time };
    let asked = 0;
    const takeLease = () => Promise.resolve({ unlimited: true, granted: (asked += 1) * 0 });
    const book = createLeaseBook({ takeLease, clock });
    expect(heldOf(await takeMany(book, 50))).toBe(50);
    clock.time += 30_000;
    await book.take(tenantId);
    expect(asked).toBe(2);
  });

  test('never exceed the quota, and all that was not used comes back, whatever happens when', async () => {
    const act = fc.constantFrom('take', 'take', 'take', 'keep', 'put back', 'later', 'give back', 'away', 'back');
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), async (acts, limit) => {
        const { book, state, clock } = createLedger(limit, 3);
        const held: Extract<Unit, { isHeld: true }>[] = [];
        let taken = 0;
        for (const step of acts) {
          if (step === 'take') {
            const unit = await book.take(tenantId);
            if (unit.isHeld) held.push(unit);
            taken += unit.isHeld ? 1 : 0;
          } else if (step === 'put back') {
            const unit = held.pop();
            unit?.putBack();
            taken -= unit ? 1 : 0;
          } else if (step === 'keep') held.pop();
          else if (step === 'later') clock.time += 31_000;
          else if (step === 'give back') await book.giveBackEnded();
          else state.isAway = step === 'away';
          expect(taken).toBeLessThanOrEqual(limit);
        }
        state.isAway = false;
        await book.giveBackAll();
        // A unit that was put back after its lease had ended is lost, never used twice.
        expect(state.spent).toBeGreaterThanOrEqual(taken);
        expect(state.spent).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a call', () => {
  const origin = { callId: 'call 1', tenantId, isTest: false, plan: 'free' };
  const count = (limit = 10) => {
    const ledger = createLedger(limit, 1);
    return { ...ledger, quota: countCalls(ledger.book) };
  };

  test('takes one unit for all its questions, at once or one after the other', async () => {
    const { quota, state } = count();
    const holds = await Promise.all([quota.hold(origin), quota.hold(origin)]);
    for (const hold of holds) if (hold.isHeld) hold.end(true);
    const later = await quota.hold(origin);
    expect(later.isHeld).toBe(true);
    expect(state.wishes).toHaveLength(1);
    await quota.hold({ ...origin, callId: 'call 2' });
    expect(state.wishes).toHaveLength(2);
  });

  test('that nobody remote answered gives its unit back', async () => {
    const { quota, state, book } = count(1);
    for (const callId of ['call 1', 'call 2', 'call 3']) {
      const hold = await quota.hold({ ...origin, callId });
      expect(hold.isHeld).toBe(true);
      if (hold.isHeld) hold.end(false);
    }
    await book.giveBackAll();
    expect(state.spent).toBe(0);
  });

  test('of plan unlimited takes no lease', async () => {
    const { quota, state } = count();
    expect(await quota.hold({ ...origin, plan: 'unlimited' })).toMatchObject({ isHeld: true });
    expect(state.wishes).toEqual([]);
  });

  test('that is refused may ask again later', async () => {
    const { quota, clock } = count(0);
    expect(await quota.hold(origin)).toMatchObject({ isHeld: false, reason: 'quota' });
    clock.time += 5_000;
    expect(quota.hold(origin)).toBeInstanceOf(Promise);
  });
});
