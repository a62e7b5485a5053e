import { describe, expect, test } from '@jest/globals';
import { createRatePolicies, type RateCaller } from './policies-for.ts';
import { isRateClass, rateClasses, type Plan } from './policy-table.ts';

const ip = '192.0.2.7';
const key = (plan: Plan): RateCaller => ({ kind: 'key', tenantId: 'tenant', lineageId: 'lineage', ip, plan });
const user = (plan: Plan): RateCaller => ({ kind: 'user', tenantId: 'tenant', userId: 'user', ip, plan });
const anonymous: RateCaller = { kind: 'anonymous', ip };
const { policiesFor, edgeCharge } = createRatePolicies();
const charge = (policy: string, partition: string, q: number, windowS: number, cost = 1) => ({
  policy,
  partition,
  q,
  windowS,
  cost,
});

/** The same in a bucket of the tenant. */
const ofTenant = (...words: Parameters<typeof charge>) => ({ ...charge(...words), tenant: 'tenant' });

describe('who is charged where', () => {
  test('before the caller is known: the IP', () => {
    expect(edgeCharge(ip)).toEqual(charge('ip-min', ip, 60, 60));
  });

  test('anonymous: the class by IP', () => {
    expect(policiesFor({ caller: anonymous, rateClass: 'lookup' })).toEqual([
      charge('lookup-min', ip, 100, 60),
      charge('lookup-hour', ip, 1_000, 3_600),
    ]);
  });

  test('a key: the class and key-min by lineage, its tenant', () => {
    expect(policiesFor({ caller: key('free'), rateClass: 'lookup' })).toEqual([
      ofTenant('lookup-min', 'lineage', 100, 60),
      ofTenant('lookup-hour', 'lineage', 1_000, 3_600),
      ofTenant('key-min', 'lineage', 120, 60),
      ofTenant('tenant-min', 'tenant', 1_000, 60),
      ofTenant('tenant-hour', 'tenant', 20_000, 3_600),
    ]);
  });

  test('a user: the class and user-min by user, the tenant', () => {
    const charges = policiesFor({ caller: user('free'), rateClass: 'export' });
    expect(charges.map(({ policy, partition }) => `${policy} ${partition}`)).toEqual([
      'export-hour user',
      'user-min user',
      'tenant-min tenant',
      'tenant-hour tenant',
    ]);
  });

  test('health is counted by IP, whoever asks', () => {
    expect(policiesFor({ caller: key('free'), rateClass: 'health' })[0]).toEqual(
      charge('health-hour', ip, 10_000, 3_600),
    );
    expect(policiesFor({ caller: anonymous, rateClass: 'health' })).toEqual([charge('health-hour', ip, 10_000, 3_600)]);
  });

  test('without a class: the policies of the caller alone', () => {
    expect(policiesFor({ caller: anonymous, rateClass: '' })).toEqual([]);
    expect(policiesFor({ caller: key('free'), rateClass: '' })).toHaveLength(3);
  });

  test('the cost goes to every policy', () => {
    const costs = policiesFor({ caller: key('free'), rateClass: 'embeddings', cost: 4 }).map(({ cost }) => cost);
    expect(costs).toEqual([4, 4, 4, 4, 4]);
  });

  test('callers who share a plan and a class do not share a partition', () => {
    const other: RateCaller = { kind: 'key', tenantId: 'other', lineageId: 'others', ip, plan: 'free' };
    policiesFor({ caller: key('free'), rateClass: 'lookup' });
    const partitions = new Set(policiesFor({ caller: other, rateClass: 'lookup' }).map(({ partition }) => partition));
    expect(partitions).toEqual(new Set(['others', 'other']));
  });

  test('a class that does not exist is our own fault', () => {
    expect(() => policiesFor({ caller: key('unlimited'), rateClass: 'lookups' })).toThrow('lookups');
    expect([isRateClass('lookup'), isRateClass('lookups'), isRateClass('toString')]).toEqual([true, false, false]);
  });
});

describe('plans', () => {
  test('they multiply key, user, tenant and class, and unlimited has no policy', () => {
    const units = (plan: Plan) => policiesFor({ caller: key(plan), rateClass: 'chat' }).map(({ q }) => q);
    expect([units('free'), units('starter'), units('pro'), units('unlimited')]).toEqual([
      [10, 50, 120, 1_000, 20_000],
      [30, 150, 360, 3_000, 60_000],
      [100, 500, 1_200, 10_000, 200_000],
      [],
    ]);
  });
});

describe('overrides', () => {
  test('they take the place of the default, before the plan multiplies it', () => {
    const raised = createRatePolicies({
      'lookup-min': { q: 1_000, windowS: 30 },
      'tenant-hour': { q: 7, windowS: 3_600 },
      'ip-min': { q: 5, windowS: 10 },
    });
    const [min, hour, , , tenant] = raised.policiesFor({ caller: key('pro'), rateClass: 'lookup' });
    expect([min, hour, tenant]).toEqual([
      ofTenant('lookup-min', 'lineage', 10_000, 30),
      ofTenant('lookup-hour', 'lineage', 10_000, 3_600),
      ofTenant('tenant-hour', 'tenant', 70, 3_600),
    ]);
    expect(raised.edgeCharge(ip)).toEqual(charge('ip-min', ip, 5, 10));
  });
});

describe('own limits', () => {
  const own = (plan: Plan, limits: Record<string, number>): RateCaller => ({
    ...{ kind: 'key', tenantId: 'tenant', lineageId: 'lineage', ip },
    plan,
    limits,
  });
  const rates = (caller: RateCaller) =>
    policiesFor({ caller, rateClass: 'lookup' }).map(({ policy, q }) => `${policy} ${q}`);

  test('lower what the plan gives, and never raise it', () => {
    expect(rates(own('free', { 'lookup-min': 7, 'key-min': 9_999, 'tenant-hour': 50 }))).toEqual([
      'lookup-min 7',
      'lookup-hour 1000',
      'key-min 120',
      'tenant-min 1000',
      'tenant-hour 50',
    ]);
    expect(rates(own('pro', { 'lookup-min': 700 }))[0]).toBe('lookup-min 700');
  });

  test('are the only policies of plan unlimited', () => {
    expect(rates(own('unlimited', { 'lookup-hour': 30 }))).toEqual(['lookup-hour 30']);
  });

  test('of one caller are not those of another, nor stay when they change', () => {
    expect(rates(own('free', { 'lookup-min': 7 }))[0]).toBe('lookup-min 7');
    expect(rates(own('free', { 'lookup-min': 8 }))[0]).toBe('lookup-min 8');
    expect(rates(key('free'))[0]).toBe('lookup-min 100');
  });

  test('of nothing leave one call in a window, and names that are no policies mean nothing', () => {
    expect(rates(own('free', { 'lookup-min': 0, toString: 3, 'login-pair': 1 }))[0]).toBe('lookup-min 1');
  });
});

test('every policy of every class is a name that a header field can carry', () => {
  for (const rateClass of Object.keys(rateClasses)) {
    for (const { policy, q, windowS } of policiesFor({ caller: anonymous, rateClass })) {
      expect(policy).toMatch(/^[a-z]+(-[a-z]+)*-(min|hour)$/);
      expect(Number.isInteger(q) && q > 0 && windowS === (policy.endsWith('-min') ? 60 : 3_600)).toBe(true);
    }
  }
});
