import { expect, test } from '@jest/globals';
import { defaultPolicies } from './policy-table.ts';
import { parseRateOverrides, rateVariableOf } from './rate-overrides.ts';

test('each policy has one variable, and its value is units and seconds', () => {
  expect(['lookup-min', 'tenant-hour', 'totp', 'register-ip'].map(rateVariableOf)).toEqual([
    'RL_LOOKUP_MIN',
    'RL_TENANT_HOUR',
    'RL_TOTP',
    'RL_REGISTER_IP',
  ]);
  for (const policy of Object.keys(defaultPolicies())) {
    expect(parseRateOverrides({ [rateVariableOf(policy)]: '1000/60' })).toEqual({
      overrides: { [policy]: { q: 1_000, windowS: 60 } },
      problems: [],
    });
  }
});

test('every variable that cannot be read is named, and none of them is half read', () => {
  const bad = [
    '1000',
    '1000/',
    '/60',
    '0/60',
    '10/0',
    '-1/60',
    '1.5/60',
    '1e3/60',
    '10/60s',
    '10/86401',
    '1000000000/60',
    '10 / 60',
  ];
  for (const value of bad) {
    const { overrides, problems } = parseRateOverrides({ RL_CHAT_MIN: value, RL_CHAT_HOUR: value, RL_KEY_MIN: '9/9' });
    expect({ value, named: problems.map(({ variable }) => variable) }).toEqual({
      value,
      named: ['RL_CHAT_MIN', 'RL_CHAT_HOUR'],
    });
    expect(overrides).toEqual({ 'key-min': { q: 9, windowS: 9 } });
  }
});

test('unset, empty and foreign variables are no override', () => {
  const env = { RL_CHAT_MIN: '', RL_KEY_MIN: undefined, RL_REDIS_TIMEOUT_MS: '50', RL_UNKNOWN: '1/1', PATH: '/bin' };
  expect(parseRateOverrides(env)).toEqual({ overrides: {}, problems: [] });
});
