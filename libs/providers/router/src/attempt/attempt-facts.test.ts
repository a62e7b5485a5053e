import { describe, expect, test } from '@jest/globals';
import { answers, ask, fails, operation, tiny, tinyLocal, tinyRouter } from '../../test/tiny-providers.ts';
import type { AttemptFacts, AttemptRecord } from '../route-question.ts';

const origin = { callId: 'call', tenantId: 'tenant', isTest: false, plan: 'free' };
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

type Told = [operation: string, attempt: AttemptRecord, facts: AttemptFacts];

describe('who is told of attempts', () => {
  test('hears the number of each, who failed before it, how long it took, and whose call it was', async () => {
    const told: Told[] = [];
    const { router, clock } = tinyRouter(
      [tiny('a', fails('auth')), tiny('b', fails('malformed')), tinyLocal('c', answers('c'))],
      { onAttempt: (...heard) => void told.push(heard) },
    );
    await router.route(ask(clock.time, { origin, traceparent }));
    const shared = { totalUs: expect.any(Number), origin, traceparent };
    expect(told.map(([name, { provider }, facts]) => [name, provider, facts])).toEqual([
      [operation, 'a', { place: 1, ...shared }],
      [operation, 'b', { place: 2, fallbackFrom: 'a', ...shared }],
      [operation, 'c', { place: 3, fallbackFrom: 'b', ...shared }],
    ]);
    for (const [, , { totalUs }] of told) expect(Number.isInteger(totalUs) && totalUs >= 0).toBe(true);
  });

  test('hears of one repeated at the same provider as of no fallback', async () => {
    const told: Told[] = [];
    const { router, clock } = tinyRouter([tiny('a', fails('retry_here')), tiny('b', answers('b'))], {
      onAttempt: (...heard) => void told.push(heard),
    });
    await router.route(ask(clock.time));
    expect(told.map(([, { provider }, { place, fallbackFrom }]) => [provider, place, fallbackFrom])).toEqual([
      ['a', 1, undefined],
      ['a', 2, undefined],
      ['b', 3, 'a'],
    ]);
  });

  test('hears once of a call that several share, by who began it', async () => {
    const told: Told[] = [];
    const { router, clock } = tinyRouter([tiny('a', answers('a'))], { onAttempt: (...heard) => void told.push(heard) });
    const begin = (callId: string) => router.route(ask(clock.time, { origin: { ...origin, callId } }));
    await Promise.all([begin('first'), begin('second')]);
    expect(told.map(([, , facts]) => facts.origin?.callId)).toEqual(['first']);
  });
});
