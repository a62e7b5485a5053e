import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideCharges } from './decide-charges.ts';
import { defaultPolicies } from './policy-table.ts';
import { carriesRateLimitHeaders, joinRateLimitHeaders, toRateLimitHeaders } from './ratelimit-headers-draft-10.ts';
import type { Charge, Decision } from './rate-limiter.ts';
import { parseFieldList } from './structured-fields.ts';

const state = (name: string, q: number, w: number, r: number, t: number, wait = 0) => ({ name, q, w, r, t, wait });
const refusal: Decision = {
  admitted: false,
  policies: [
    state('tenant-hour', 20_000, 3_600, 19_877, 180_000),
    state('key-min', 120, 60, 101, 500_000),
    state('chat-min', 10, 60, 0, 5_200_000, 5_200_000),
  ],
  violated: ['chat-min'],
  atUs: 0,
};

describe('known answers', () => {
  test('the refusal of the design page, word for word', () => {
    expect(toRateLimitHeaders([refusal], () => 0)).toEqual({
      policy: '"chat-min";q=10;w=60, "key-min";q=120;w=60, "tenant-hour";q=20000;w=3600',
      limit: '"chat-min";r=0;t=6, "key-min";r=101;t=1, "tenant-hour";r=19877;t=1',
      retryAfterS: 6,
    });
  });

  test('the same random part goes onto Retry-After and onto the t of what refused, and onto nothing else', () => {
    expect(toRateLimitHeaders([refusal], () => 0.999)).toMatchObject({
      limit: '"chat-min";r=0;t=6, "key-min";r=101;t=1, "tenant-hour";r=19877;t=1',
      retryAfterS: 6,
    });
    const long = { ...refusal, policies: [state('chat-hour', 50, 3_600, 0, 72_000_000, 72_000_000)] };
    expect(toRateLimitHeaders([long], () => 0.5)).toMatchObject({ limit: '"chat-hour";r=0;t=75', retryAfterS: 75 });
    expect(toRateLimitHeaders([long], () => 1 - 1e-9)).toMatchObject({ retryAfterS: 77 });
  });

  test('the random part does not lift a t above its window', () => {
    const whole = { ...refusal, policies: [state('course-min', 1, 60, 0, 60_000_000, 60_000_000)] };
    expect(toRateLimitHeaders([whole], () => 0.9)).toMatchObject({ limit: '"course-min";r=0;t=60', retryAfterS: 65 });
  });

  test('an admitted call has no Retry-After, and its numbers no random part', () => {
    const decision = { ...refusal, admitted: true, violated: [], policies: [state('key-min', 120, 60, 119, 500_000)] };
    expect(toRateLimitHeaders([decision], () => 0.999)).toEqual({
      policy: '"key-min";q=120;w=60',
      limit: '"key-min";r=119;t=1',
    });
  });

  test('what was decided at the edge and later stands in one list, the tightest first', () => {
    const edge = { ...refusal, admitted: true, violated: [], policies: [state('ip-min', 60, 60, 12, 1)] };
    const later = {
      ...edge,
      policies: [state('lookup-min', 100, 60, 40, 1), state('lookup-hour', 1_000, 3_600, 3, 1)],
    };
    expect(toRateLimitHeaders([edge, later], Math.random)?.limit).toBe(
      '"lookup-hour";r=3;t=1, "ip-min";r=12;t=1, "lookup-min";r=40;t=1',
    );
  });

  test('no policy, no fields', () => {
    expect(toRateLimitHeaders([{ ...refusal, policies: [] }], Math.random)).toBeUndefined();
    expect(toRateLimitHeaders([], Math.random)).toBeUndefined();
  });

  test('the fields are for 2xx, 5xx and 4xx, but not for 401, 403 and 3xx', () => {
    const carrying = [200, 201, 204, 301, 304, 400, 401, 403, 404, 429, 500, 503].filter(carriesRateLimitHeaders);
    expect(carrying).toEqual([200, 201, 204, 400, 404, 429, 500, 503]);
  });
});

test('what two places decided stands in one list, the tightest first, and of two that are as tight the first place’s', () => {
  const written = (...policies: Decision['policies'][number][]) => {
    const headers = toRateLimitHeaders([{ ...refusal, policies }], () => 0);
    if (!headers) throw new Error('there are policies');
    return headers;
  };
  const service = written(state('login-pair', 5, 900, 0, 1, 1), state('login-ip', 100, 3_600, 95, 1));
  const edge = written(state('ip-min', 60, 60, 0, 1_000_000), state('manage-min', 60, 60, 54, 1_000_000));
  expect(joinRateLimitHeaders(service, edge)).toEqual({
    policy: '"login-pair";q=5;w=900, "ip-min";q=60;w=60, "manage-min";q=60;w=60, "login-ip";q=100;w=3600',
    limit: '"login-pair";r=0;t=1, "ip-min";r=0;t=1, "manage-min";r=54;t=1, "login-ip";r=95;t=1',
  });
});

test('T19 of any decision over any policies the fields parse, and their numbers keep their bounds', () => {
  const nowUs = 1e12;
  const anyCharge = fc.record({
    policy: fc.constantFrom(...Object.keys(defaultPolicies())),
    q: fc.integer({ min: 1, max: 1_000_000_000 }),
    windowS: fc.integer({ min: 1, max: 86_400 }),
    burst: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
    debtUs: fc.oneof(fc.constant(0), fc.nat(100_000_000), fc.integer({ min: 0, max: 1e11 })),
  });
  const anyCharges = fc.uniqueArray(anyCharge, { minLength: 1, maxLength: 6, selector: ({ policy }) => policy });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(anyCharges, random, (drawn, fraction) => {
      const charges: Charge[] = drawn.map(({ debtUs: _debtUs, ...charge }) => ({ ...charge, partition: 'a', cost: 1 }));
      const tats = drawn.map(({ debtUs }) => nowUs + debtUs);
      const { decision } = decideCharges(charges, tats, nowUs);
      const headers = toRateLimitHeaders([decision], () => fraction);
      if (!headers) throw new Error('no fields');
      const policies = parseFieldList(headers.policy);
      const limits = parseFieldList(headers.limit);

      expect(limits.map(({ name }) => name)).toEqual(policies.map(({ name }) => name));
      expect(policies.map(({ name }) => name).toSorted()).toEqual(charges.map(({ policy }) => policy).toSorted());
      for (const [index, { name, parameters }] of limits.entries()) {
        const { q = 0, w = 0 } = policies[index]?.parameters ?? {};
        const { r = -1, t = -1 } = parameters;
        expect([Object.keys(parameters), Object.keys(policies[index]?.parameters ?? {})]).toEqual([
          ['r', 't'],
          ['q', 'w'],
        ]);
        expect(r >= 0 && r <= q && t >= 0 && t <= w).toBe(true);
        if (decision.violated.includes(name)) expect(headers.retryAfterS).toBeGreaterThanOrEqual(t);
      }
      const rests = limits.map(({ parameters }) => parameters.r ?? -1);
      if (charges.every(({ burst }) => burst === undefined)) expect(rests).toEqual(rests.toSorted((a, b) => a - b));
      expect(headers.retryAfterS === undefined).toBe(decision.admitted);
      if (headers.retryAfterS === undefined) return;
      const waitUs = Math.max(...decision.policies.map(({ wait }) => wait));
      expect(headers.retryAfterS * 1e6).toBeGreaterThanOrEqual(waitUs);
      expect(headers.retryAfterS * 1e6).toBeLessThan(Math.min(waitUs * 1.1, waitUs + 5e6) + 1e6 + 1);
    }),
  );
});

test('T19 a caller who waits as long as Retry-After says is admitted', () => {
  const charges: Charge[] = [
    { policy: 'chat-min', partition: 'a', q: 10, windowS: 60, cost: 1 },
    { policy: 'chat-hour', partition: 'a', q: 50, windowS: 3_600, cost: 1 },
    { policy: 'key-min', partition: 'a', q: 120, windowS: 60, cost: 1 },
  ];
  let tats: readonly number[] = [];
  let nowUs = 0;
  let waits = 0;
  for (let call = 0; call < 300; call += 1) {
    const first = decideCharges(charges, tats, nowUs);
    if (first.tatsUs) {
      tats = first.tatsUs;
      continue;
    }
    waits += 1;
    nowUs += (toRateLimitHeaders([first.decision], () => 0)?.retryAfterS ?? 0) * 1e6;
    const second = decideCharges(charges, tats, nowUs);
    expect(second.decision.admitted).toBe(true);
    tats = second.tatsUs ?? tats;
  }
  expect(waits).toBeGreaterThan(200);
});
