import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideCharges, refundedTat } from './decide-charges.ts';
import { generateRateVectors } from './rate-vectors.ts';

const charge = { policy: 'chat-min', partition: 'a', q: 10, windowS: 60, cost: 1 };

describe('known answers', () => {
  test('ten calls at once use up ten in a minute; the next slot comes after six seconds', () => {
    let tat: number | undefined;
    const rest: number[] = [];
    for (let call = 0; call < 10; call += 1) {
      const { decision, tatsUs } = decideCharges([charge], [tat], 1_000);
      rest.push(decision.policies[0]?.r ?? -1);
      tat = tatsUs?.[0];
    }
    expect(rest).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const { decision, tatsUs } = decideCharges([charge], [tat], 1_000);
    expect(tatsUs).toBeUndefined();
    expect(decision).toEqual({
      admitted: false,
      policies: [{ name: 'chat-min', q: 10, w: 60, r: 0, t: 6_000_000, wait: 6_000_000 }],
      violated: ['chat-min'],
      atUs: 1_000,
    });
    expect(decideCharges([charge], [tat], 6_000_999).decision.admitted).toBe(false);
    expect(decideCharges([charge], [tat], 6_001_000).decision.admitted).toBe(true);
  });

  test('the vectors are those they have always been, and reach both outcomes in number', () => {
    const hash = createHash('sha256');
    let refused = 0;
    let mixed = 0;
    for (const vector of generateRateVectors()) {
      hash.update(JSON.stringify(vector));
      if (!vector.expected.admitted) refused += 1;
      if (!vector.expected.admitted && vector.expected.violated.length < vector.charges.length) mixed += 1;
    }
    expect([refused > 2_000 && refused < 8_000, mixed > 1_000]).toEqual([true, true]);
    expect(hash.digest('hex')).toBe('e335aaeeb3e139bfb3718f12edbefde3043efcb20395f500418bb451b6eba897');
  });
});

const anyCharge = fc
  .record({
    q: fc.integer({ min: 1, max: 100_000 }),
    windowS: fc.integer({ min: 1, max: 86_400 }),
    cost: fc.nat(100_000),
  })
  .map((drawn) => ({ policy: 'p', partition: 'a', ...drawn, cost: Math.min(drawn.cost, drawn.q) }));
const nowUs = 1e12;
/** Also debts that no decision leaves: of a lowered policy, or of a clock that stepped back. */
const anyTat = fc.integer({ min: nowUs - 1e12, max: nowUs + 1e12 });

describe('whatever is stored', () => {
  test('0 ≤ r ≤ q, 0 ≤ t ≤ window, t ≤ wait of a refusal, and the wait admits exactly when it is over', () => {
    fc.assert(
      fc.property(anyCharge, anyTat, (drawn, tat) => {
        const { decision, tatsUs } = decideCharges([drawn], [tat], nowUs);
        const [state] = decision.policies;
        if (!state) throw new Error('no state');
        expect(state.r).toBeGreaterThanOrEqual(0);
        expect(state.r).toBeLessThanOrEqual(drawn.q);
        expect(state.t).toBeGreaterThanOrEqual(0);
        expect(state.t).toBeLessThanOrEqual(drawn.windowS * 1e6);
        expect(Number.isSafeInteger(state.t) && Number.isSafeInteger(state.wait)).toBe(true);
        expect(state.wait > 0).toBe(!decision.admitted);
        expect(tatsUs === undefined).toBe(!decision.admitted);
        if (decision.admitted) return;
        expect(state.t).toBeLessThanOrEqual(state.wait);
        const debtful = Math.min(tat, nowUs + Math.ceil((drawn.windowS * 1e6) / drawn.q) * drawn.q);
        expect(decideCharges([drawn], [debtful], nowUs + state.wait).decision.admitted).toBe(true);
        expect(decideCharges([drawn], [debtful], nowUs + state.wait - 1).decision.admitted).toBe(false);
      }),
    );
  });

  test('a refund at once restores what was there, a later one never more than if nothing had been charged', () => {
    fc.assert(
      fc.property(anyCharge, fc.nat(1e9), fc.nat(1e9), fc.boolean(), (drawn, debt, laterUs, hasOther) => {
        const before = nowUs + Math.min(debt, Math.ceil((drawn.windowS * 1e6) / drawn.q) * drawn.q);
        const taken = decideCharges([drawn], [before], nowUs).tatsUs?.[0];
        if (taken === undefined) return;
        expect(refundedTat(drawn, taken, { fromUs: nowUs, nowUs })).toBe(before);
        const later = nowUs + laterUs;
        const other = { ...drawn, cost: 1 };
        const add = (tat: number) => (hasOther ? decideCharges([other], [tat], later).tatsUs?.[0] : tat);
        const [withCharge, without] = [add(taken), add(before)];
        if (withCharge === undefined || without === undefined) return;
        const returned = refundedTat(drawn, withCharge, { fromUs: nowUs, nowUs: later });
        expect(Math.max(returned, later)).toBeGreaterThanOrEqual(Math.max(without, later));
        expect(returned).toBeLessThanOrEqual(withCharge);
      }),
    );
  });
});
