import { describe, expect, test } from '@jest/globals';
import { homeOf, type AwayEntry, type ProviderEntry } from '@universal-api/providers-spec';
import { answers, ask, tinyManifest, tinyRouter } from '../test/tiny-providers.ts';
import { configureProviders } from './configure-providers.ts';
import { resolveHomes } from './resolve-homes.ts';

const manifest = tinyManifest('both', {
  operations: { 'weather.now': {}, 'places.find': {} },
  auth: { kind: 'key', variable: 'BOTH_KEY', sentIn: { header: 'x-key' } },
  quotas: [{ unit: 'calls', limit: 2, windowS: 3600, window: 'calendar', countedBy: 'process' }],
});
const home: ProviderEntry = {
  manifest,
  create: () => ({ manifest, operations: { 'weather.now': answers('from home') } }),
};
const away: AwayEntry = {
  manifest: homeOf('both', 'places'),
  create: (_settings, given) => ({ manifest: given, operations: { 'places.find': answers('from away') } }),
};
const first: ProviderEntry = (() => {
  const own = tinyManifest('first', { operations: { 'places.find': {} }, enabledByDefault: false });
  return { manifest: own, create: () => ({ manifest: own, operations: { 'places.find': answers('first') } }) };
})();
const last: ProviderEntry = (() => {
  const own = tinyManifest('last', { operations: { 'places.find': {} }, kind: 'local', hosts: {} });
  return { manifest: own, create: () => ({ manifest: own, operations: { 'places.find': answers('last') } }) };
})();
const http = { get: () => Promise.reject(new Error('not in this test')) };
const source = { environment: { BOTH_KEY: 'secret' }, http, version: '1.0.0', egress: 'all' } as const;

describe('a provider of two categories', () => {
  test('serves in each what it declares there, with one manifest, in the order of the registries', () => {
    const resolved = resolveHomes([home, first, away, last]);
    expect(resolved.map((entry) => [entry.manifest.id, entry.operations])).toEqual([
      ['both', ['weather.now']],
      ['first', ['places.find']],
      ['both', ['places.find']],
      ['last', ['places.find']],
    ]);
    expect(resolved[2]?.manifest).toBe(manifest);
  });

  test('has one key, one switch and one host for both', () => {
    const [atHome, elsewhere] = configureProviders([home, away], source);
    expect([atHome?.usesKey, elsewhere?.usesKey]).toEqual([true, true]);
    const without = configureProviders([home, away], { ...source, environment: {} });
    expect(without.map(({ leftOut }) => leftOut)).toEqual([
      { provider: 'both', reason: 'no_credential', variable: 'BOTH_KEY' },
      { provider: 'both', reason: 'no_credential', variable: 'BOTH_KEY' },
    ]);
  });

  test('has one allowance: what one category spends, the other does not have', async () => {
    const { router, clock } = tinyRouter(configureProviders([home, away, last], source));
    const call = (operation: string, key: string) =>
      router.route(ask(clock.now(), { operation, key: [key] })).then(({ answer }) => answer);
    expect(await call('weather.now', '1')).toBe('from home');
    expect(await call('places.find', '2')).toBe('from away');
    expect(await call('places.find', '3')).toBe('last');
    await expect(call('weather.now', '4')).rejects.toMatchObject({
      code: 'no_provider_available',
      details: { candidates: [{ provider: 'both', reason: 'quota' }] },
    });
  });

  test('is refused without its home, and in a category that the home does not declare', () => {
    expect(() => resolveHomes([away])).toThrow('both of places has no home in any registry');
    const elsewhere = { ...away, manifest: homeOf('both', 'music') };
    expect(() => resolveHomes([home, elsewhere])).toThrow('both declares no operation of music at its home');
  });

  test('that lacks its part in a category does not start', () => {
    expect(() => tinyRouter(configureProviders([home], source))).toThrow('both declares places.find');
  });
});
