import { describe, expect, test } from '@jest/globals';
import { defaultPolicies, planMultipliers, type Plan } from '@universal-api/limits';
import fc from 'fast-check';
import { effectivePolicy, isPlanned, policiesOf, type PolicyHolder } from './effective-policies.ts';
import { wouldPass } from './would-pass.ts';

const holder: PolicyHolder = { kind: 'key', plan: 'free', installation: {}, tenant: {}, key: {} };
const holds = (policy: string, changes: Partial<PolicyHolder> = {}) =>
  effectivePolicy(policy, { ...holder, ...changes });

describe('a policy as it holds', () => {
  test.each([
    ['its default', {}, { q: 100, source: 'default' }],
    ['what the plan makes of it', { plan: 'pro' }, { q: 1_000, source: 'plan' }],
    [
      'what the installation says',
      { installation: { 'lookup-min': { q: 7, windowS: 30 } } },
      { q: 7, windowS: 30, source: 'installation' },
    ],
    ['what the tenant says', { tenant: { 'lookup-min': 50 } }, { q: 50, source: 'tenant' }],
    [
      'what the key says, before the tenant',
      { tenant: { 'lookup-min': 50 }, key: { 'lookup-min': 60 } },
      { q: 60, source: 'key' },
    ],
    ['never more than the plan gives', { tenant: { 'lookup-min': 500 } }, { q: 100, source: 'default' }],
  ] as const)('is %s', (_name, changes, expected) => {
    expect(holds('lookup-min', changes as Partial<PolicyHolder>)).toMatchObject(expected);
  });

  test('is none on plan unlimited but what is set', () => {
    expect(holds('chat-min', { plan: 'unlimited', tenant: { 'chat-min': 7 } })).toMatchObject({
      q: 7,
      source: 'tenant',
    });
    expect(policiesOf('user').flatMap((policy) => holds(policy, { plan: 'unlimited' }) ?? [])).toEqual([]);
  });

  test('never exceeds the plan, whatever is set', () => {
    const value = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(fc.constantFrom('free', 'starter', 'pro'), value, value, (plan: Plan, tenant, key) => {
        for (const policy of policiesOf('key')) {
          const most = (defaultPolicies()[policy]?.q ?? 0) * planMultipliers[plan];
          expect(holds(policy, { plan, tenant: { [policy]: tenant }, key: { [policy]: key } })?.q).toBeLessThanOrEqual(
            most,
          );
        }
      }),
    );
  });
});

test('policies of a caller are its own, the tenant’s and those of the class', () => {
  expect(policiesOf('user', 'export')).toEqual(['user-min', 'tenant-min', 'tenant-hour', 'export-hour']);
  expect(holds('health-hour')?.partition).toBe('ip');
  expect(holds('tenant-hour')?.partition).toBe('tenant');
});

test('tenants may set no policy around logins or by address', () => {
  for (const policy of ['ip-min', 'login-pair', 'login-ip', 'totp', 'register-ip', 'nothing-min', 'lookup']) {
    expect(isPlanned(policy)).toBe(false);
  }
  expect(isPlanned('lookup-hour')).toBe(true);
});

describe('whether a refused call would have passed', () => {
  const refused = { policy: 'lookup-min', q: 100, windowS: 60, cost: 1, debtS: 60 };
  const on = (plan: Plan, changes: Partial<typeof refused> = {}) => wouldPass([{ ...refused, ...changes }], plan, {});

  test('on the same plan: no; on a larger one: yes', () => {
    expect([on('free'), on('starter'), on('unlimited')]).toEqual([false, true, true]);
  });

  test('not if it asks for more than the larger plan has left', () => {
    expect([on('starter', { cost: 201 }), on('pro', { cost: 201 })]).toEqual([false, true]);
  });

  test('not by a plan where the tenant itself holds it lower', () => {
    expect([on('pro', { q: 5 }), on('unlimited', { q: 5 })]).toEqual([false, false]);
  });

  test('not by a plan where the address is what counts', () => {
    expect(on('unlimited', { policy: 'ip-min' })).toBe(false);
  });
});
