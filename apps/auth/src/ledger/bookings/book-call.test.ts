import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bookExpiry, bookSettle, type Booked, type CallOnAccount } from './book-call.ts';

type Act =
  | { readonly kind: 'reserve' | 'start' | 'settle'; readonly call: number; readonly amount: bigint }
  | { readonly kind: 'expire'; readonly call: number };

const call = fc.nat({ max: 4 });
const amount = fc.bigInt({ min: 0n, max: 40n });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('reserve' as const, 'start' as const, 'settle' as const), call, amount }),
  fc.record({ kind: fc.constant('expire' as const), call }),
);

/** One account in memory: the same bookings as the real one, with its limit. */
function createAccount(limit: bigint) {
  const calls = new Map<number, CallOnAccount>();
  const entries: { readonly kind: string; readonly amount: bigint }[] = [];
  const sums = { spent: 0n, reserved: 0n, overrun: 0n };
  const of = (id: number): CallOnAccount => calls.get(id) ?? { isCorrected: false };
  function apply(id: number, booked: Booked): void {
    entries.push(...booked.bookings);
    sums.spent += booked.spent;
    sums.reserved += booked.reserved;
    sums.overrun += booked.overrun;
    if (booked.bookings.length === 0) return;
    const { reserve, settle, isCorrected } = of(id);
    const settled = booked.bookings.find(({ kind }) => kind === 'settle');
    calls.set(id, {
      ...(reserve && { reserve: { ...reserve, isOpen: false } }),
      ...(settle || settled
        ? { settle: settle ?? { amount: settled?.amount ?? 0n, assumed: settled?.assumed ?? false } }
        : {}),
      isCorrected: isCorrected || booked.bookings.some(({ kind }) => kind === 'correct'),
    });
  }
  return {
    sums,
    entries,
    open: () => [...calls.values()].reduce((sum, { reserve }) => sum + (reserve?.isOpen ? reserve.amount : 0n), 0n),
    do(step: Act): void {
      const known = calls.get(step.call);
      if (step.kind === 'reserve') {
        if (known || sums.spent + sums.reserved + step.amount > limit) return;
        sums.reserved += step.amount;
        calls.set(step.call, { reserve: { amount: step.amount, isOpen: true }, isCorrected: false });
      } else if (step.kind === 'start') {
        if (!known?.reserve?.isOpen) return;
        const started = (known.reserve.started ?? 0n) + step.amount;
        calls.set(step.call, { ...known, reserve: { ...known.reserve, started } });
      } else
        apply(step.call, step.kind === 'settle' ? bookSettle(of(step.call), step.amount) : bookExpiry(of(step.call)));
    },
  };
}

const sumOf = (entries: readonly { kind: string; amount: bigint }[], ...kinds: string[]) =>
  entries.filter(({ kind }) => kinds.includes(kind)).reduce((sum, entry) => sum + entry.amount, 0n);

describe('whatever follows upon whatever', () => {
  test('T39 settled and put right is spent, open reserves are reserved, and only an overrun goes over the limit', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.bigInt({ min: 0n, max: 100n }), (acts, limit) => {
        const account = createAccount(limit);
        for (const step of acts) {
          account.do(step);
          const { spent, reserved, overrun } = account.sums;
          expect(sumOf(account.entries, 'settle', 'correct')).toBe(spent);
          expect(account.open()).toBe(reserved);
          expect(spent + reserved).toBeLessThanOrEqual(limit + overrun);
          expect(spent).toBeGreaterThanOrEqual(0n);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('T39 the same act again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const account = createAccount(100n);
        for (const step of acts) {
          account.do(step);
          const before = [account.entries.length, { ...account.sums }];
          // A start mark is of one attempt; the next one is another.
          if (step.kind === 'settle' && account.entries.at(-1)?.kind !== 'settle') account.do(step);
          if (step.kind === 'expire' || step.kind === 'reserve') account.do(step);
          expect([account.entries.length, account.sums]).toEqual(before);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what a call costs', () => {
  const open = (value: bigint, started?: bigint): CallOnAccount => ({
    reserve: { amount: value, isOpen: true, ...(started !== undefined && { started }) },
    isCorrected: false,
  });

  test('is booked, and the rest given back', () => {
    expect(bookSettle(open(10n), 4n)).toEqual({
      bookings: [
        { kind: 'settle', amount: 4n },
        { kind: 'refund', amount: 6n },
      ],
      spent: 4n,
      reserved: -10n,
      overrun: 0n,
    });
  });

  test('is booked whole where it is more than was reserved', () => {
    expect(bookSettle(open(10n), 12n)).toMatchObject({ spent: 12n, reserved: -10n, overrun: 2n });
  });

  test('is given back when its time runs out and no attempt was begun', () => {
    expect(bookExpiry(open(10n))).toMatchObject({ bookings: [{ kind: 'expire', amount: 10n }], spent: 0n });
  });

  test('is assumed at the worst case of the attempts that were begun, and put right later, once', () => {
    expect(bookExpiry(open(10n, 7n))).toMatchObject({ spent: 7n, reserved: -10n });
    const assumed: CallOnAccount = {
      reserve: { amount: 10n, isOpen: false, started: 7n },
      settle: { amount: 7n, assumed: true },
      isCorrected: false,
    };
    expect(bookSettle(assumed, 3n)).toMatchObject({ bookings: [{ kind: 'correct', amount: -4n }], spent: -4n });
    expect(bookSettle({ ...assumed, isCorrected: true }, 3n).bookings).toEqual([]);
  });
});
