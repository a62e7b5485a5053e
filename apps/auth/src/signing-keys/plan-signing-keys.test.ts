import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planSigningKeys, readyAt, type KeyLife } from './plan-signing-keys.ts';

const times = { publishAheadMs: 900, useForMs: 10_000, keepAfterMs: 1_200 };

/** Does what a plan asks, as the store does. */
function apply(keys: readonly KeyLife[], nowMs: number, name: () => string): KeyLife[] {
  const plan = planSigningKeys(keys, nowMs, times);
  const left = keys
    .filter(({ kid }) => !plan.drop.includes(kid))
    .map((key): KeyLife => {
      if (key.kid === plan.retire?.kid)
        return { ...key, state: 'retired', use_until: plan.retire.useUntil, drop_at: plan.retire.dropAt };
      if (key.kid === plan.promote?.kid)
        return { ...key, state: 'current', use_from: plan.promote.useFrom, use_until: plan.promote.useUntil };
      return key;
    });
  const empty = { publish_at: new Date(nowMs), use_until: null, drop_at: null };
  if (plan.makeCurrent)
    left.push({
      ...{ ...empty, kid: name(), state: 'current' },
      ...{ use_from: plan.makeCurrent.useFrom, use_until: plan.makeCurrent.useUntil },
    });
  if (plan.makeNext) left.push({ ...empty, kid: name(), state: 'next', use_from: plan.makeNext.useFrom });
  return left;
}

/** What a rotation on demand does. */
const askFor = (keys: readonly KeyLife[], nowMs: number): KeyLife[] =>
  keys.map((key) => (key.state === 'current' ? { ...key, use_until: new Date(nowMs) } : key));

const step = fc.record({ waitMs: fc.integer({ min: 0, max: 15_000 }), isAsked: fc.boolean() });

describe('the life of signing keys', () => {
  test('at any time one signs, one is published to follow, and none signs before or is dropped too early', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let made = 0;
        const name = () => `k${(made += 1)}`;
        let now = 1_000_000;
        let keys = apply([], now, name);
        const signedLast = new Map<string, number>();
        for (const { waitMs, isAsked } of steps) {
          now += waitMs;
          if (isAsked) keys = askFor(keys, now);
          const before = keys.find(({ state }) => state === 'current')?.kid ?? '';
          signedLast.set(before, now);
          keys = apply(keys, now, name);
          expect(apply(keys, now, name)).toEqual(keys);
          expect(keys.filter(({ state }) => state === 'current')).toHaveLength(1);
          expect(keys.filter(({ state }) => state === 'next')).toHaveLength(1);
          for (const key of keys) {
            const isFirst = key.kid === 'k1';
            if (key.state === 'current' && !isFirst)
              expect((key.use_from?.getTime() ?? 0) - key.publish_at.getTime()).toBeGreaterThanOrEqual(900);
          }
          for (const [kid, at] of signedLast) {
            const isPublished = keys.some((key) => key.kid === kid);
            if (now < at + times.keepAfterMs) expect(isPublished).toBe(true);
          }
        }
        const states = keys.map(({ state }) => state);
        expect(states.filter((state) => state === 'retired').length).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('a key yields when its time is over, not before', () => {
    const keys = apply([], 0, () => `${Math.random()}`);
    expect(planSigningKeys(keys, 9_999, times)).toEqual({ drop: [] });
    expect(planSigningKeys(keys, 10_000, times)).toMatchObject({ retire: { useUntil: new Date(10_000) } });
  });

  test('a rotation that is asked for waits until the next key was published long enough', () => {
    const names = ['a', 'b', 'c', 'd'];
    const keys = askFor(
      apply([], 0, () => names.shift() ?? ''),
      100,
    );
    expect(readyAt(new Date(0), 100, times)).toBe(900);
    expect(planSigningKeys(keys, 899, times)).toEqual({ drop: [] });
    expect(planSigningKeys(keys, 900, times)).toMatchObject({ retire: { kid: 'a' }, promote: { kid: 'b' } });
  });
});
