import { expect, test } from '@jest/globals';
import { defaultPolicies, isPlan } from './policy-table.ts';

test('the rates are those of the design page', () => {
  const rates = Object.entries(defaultPolicies()).map(
    ([policy, { q, windowS, kind }]) => `${policy} ${q}/${windowS}${kind ? ` ${kind}` : ''}`,
  );
  expect(rates.toSorted()).toEqual(
    [
      ...['ip-min 60/60', 'key-min 120/60', 'user-min 120/60', 'tenant-min 1000/60', 'tenant-hour 20000/3600'],
      ...['chat-min 10/60', 'chat-hour 50/3600', 'embeddings-min 20/60', 'embeddings-hour 100/3600'],
      ...['aggregated-min 20/60', 'aggregated-hour 100/3600', 'search-min 30/60', 'search-hour 200/3600'],
      ...['recommendations-min 30/60', 'recommendations-hour 200/3600', 'quick-min 50/60', 'quick-hour 500/3600'],
      ...['lookup-min 100/60', 'lookup-hour 1000/3600', 'learn-min 100/60', 'learn-hour 500/3600'],
      ...['video-min 5/60', 'video-hour 20/3600', 'course-min 2/60', 'course-hour 10/3600'],
      ...['messages-min 10/60', 'messages-hour 100/3600', 'manage-min 60/60', 'manage-hour 1000/3600'],
      ...['publish-min 600/60', 'publish-hour 10000/3600', 'export-hour 5/3600', 'health-hour 10000/3600'],
      ...['introspect-min 600/60', 'register-ip 5/3600', 'reset-account 3/3600', 'reset-ip 10/3600'],
      ...['totp 5/900 log', 'login-pair 5/900 log', 'login-account 20/3600 log', 'login-ip 100/3600 log'],
    ].toSorted(),
  );
});

test('a word that is no plan is not taken for one', () => {
  expect(['free', 'starter', 'pro', 'unlimited', 'toString', ''].map(isPlan)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
