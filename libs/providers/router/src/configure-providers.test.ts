import { describe, expect, test } from '@jest/globals';
import type { ProviderEntry, ProviderManifest, Quota } from '@universal-api/providers-spec';
import { answers, operation, tinyManifest } from '../test/tiny-providers.ts';
import { configureProviders } from './configure-providers.ts';

const perSecond: Quota = { unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' };

function configure(
  changes: Partial<ProviderManifest>,
  environment: Record<string, string> = {},
  egress: 'all' | 'none' = 'all',
) {
  const manifest = tinyManifest('one', { hosts: { base: 'https://api.example.org' }, quotas: [perSecond], ...changes });
  const entry: ProviderEntry = { manifest, create: () => ({ manifest, operations: { [operation]: answers('yes') } }) };
  const http = { get: () => Promise.reject(new Error('not in this test')) };
  const [configured] = configureProviders([entry], { environment, http, version: '1.0.0', egress });
  return configured;
}

const auth = { kind: 'key', variable: 'ONE_KEY', sentIn: { header: 'x-key' } } as const;

describe('a provider', () => {
  test('is made when nothing speaks against it, with the names it needs', () => {
    expect(configure({})).toMatchObject({ usesKey: false, quotas: [perSecond] });
    expect(configure({})?.hostNames(operation)).toEqual(['api.example.org']);
    expect(configure({})?.provider).toBeDefined();
  });

  test('without its credential is left out, and the variable is named', () => {
    const configured = configure({ auth });
    expect(configured?.leftOut).toEqual({ provider: 'one', reason: 'no_credential', variable: 'ONE_KEY' });
    expect(configured?.provider).toBeUndefined();
    expect(configure({ auth }, { ONE_KEY: 'secret' })).toMatchObject({ usesKey: true });
  });

  test('that is off by default needs its variable, and any can be switched off', () => {
    expect(configure({ enabledByDefault: false })?.leftOut).toMatchObject({
      reason: 'disabled',
      variable: 'ONE_ENABLED',
    });
    expect(configure({ enabledByDefault: false }, { ONE_ENABLED: 'true' })?.leftOut).toBeUndefined();
    expect(configure({}, { ONE_ENABLED: 'false' })?.leftOut).toMatchObject({ reason: 'disabled' });
    expect(() => configure({}, { ONE_ENABLED: 'perhaps' })).toThrow(/ONE_ENABLED/);
  });

  test('out there is left out without egress, one in the process is not', () => {
    expect(configure({}, {}, 'none')?.leftOut).toEqual({
      provider: 'one',
      reason: 'no_egress',
      variable: 'UAPI_EGRESS',
    });
    expect(configure({ kind: 'local', hosts: {} }, {}, 'none')?.leftOut).toBeUndefined();
  });

  test('on the operator’s own server has no quota, and needs no look-up at an address', () => {
    const own = configure({}, { ONE_BASE_URL: 'http://127.0.0.1:8081' });
    expect(own).toMatchObject({ quotas: [] });
    expect(own?.hostNames(operation)).toEqual([]);
    expect(configure({}, { UAPI_SIMULATOR_URL: 'http://127.0.0.1:8081' })).toMatchObject({ quotas: [perSecond] });
  });
});
