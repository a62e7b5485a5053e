import { describe, expect, test } from '@jest/globals';
import { homeOf, type AwayEntry, type ProviderManifest } from '@universal-api/providers-spec';
import { exampleManifest } from '../test/example-manifest.ts';
import { checkManifest, checkRegistry } from './check-manifest.ts';

const changed = (change: Partial<ProviderManifest>) => checkManifest({ ...exampleManifest, ...change });
const entry = (change: Partial<ProviderManifest>) => ({
  manifest: { ...exampleManifest, ...change },
  create: () => {
    throw new Error('not made');
  },
});

test('a good manifest has no complaints', () => {
  expect(checkManifest(exampleManifest)).toEqual([]);
});

describe('each complaint names the provider and the field', () => {
  test.each<[string, Partial<ProviderManifest>]>([
    ['Example-1: id must be snake_case', { id: 'Example-1' }],
    ['example: name is empty', { name: ' ' }],
    ['example: documentation must be an https URL', { documentation: 'http://x' }],
    ['example: licence is empty', { licence: '' }],
    ['example: lineage is empty', { lineage: '' }],
    ['example: timeoutMs must be 100 to 30,000', { timeoutMs: 0 }],
    ['example: costNanoUsd is negative', { costNanoUsd: -1n }],
    ['example: maxStoreS has no meaning while mayBeStored is false', { mayBeStored: false, maxStoreS: 1 }],
    ['example: commercialUse with_key needs a key', { auth: { kind: 'none' } }],
    ['example: the first host must be named base', { hosts: { other: 'https://x.y' } }],
    ['example: names of hosts must be snake_case', { hosts: { base: 'https://x.y', 'a-b': 'https://x.y' } }],
    ['example: hosts must be URLs without a last slash', { hosts: { base: 'https://x.y/' } }],
    [
      'example: the variable of the key must be UPPER_CASE',
      { auth: { kind: 'key', variable: 'key', sentIn: { header: 'x-key' } } },
    ],
    [
      'example: the header of the key must be in lower case',
      { auth: { kind: 'key', variable: 'KEY', sentIn: { header: 'X-Key' } } },
    ],
    [
      'example: quotas[0] must have a whole limit and window above 0',
      { quotas: [{ unit: 'calls', limit: 0, windowS: 1, window: 'sliding', countedBy: 'process' }] },
    ],
    ['example: operations is empty', { operations: {} }],
    ['example: operation current must be category.operation', { operations: { current: {} } }],
    ['example: operation a.b: fr is no alpha-2 code', { operations: { 'a.b': { countries: ['fr'] } } }],
    ['example: failureRules[0] matches everything', { failureRules: [{ failure: 'auth' }] }],
    [
      'example: failureRules[0]: a pattern with g or y remembers its last match',
      { failureRules: [{ body: /x/g, failure: 'auth' }] },
    ],
    [
      'example: failureRules[0]: the header must be in lower case',
      { failureRules: [{ header: 'X', failure: 'auth' }] },
    ],
    [
      'example: failureRules[0]: resets is for quota_exhausted',
      { failureRules: [{ status: 429, failure: 'auth', resets: 'day' }] },
    ],
  ])('%s', (complaint, change) => {
    expect(changed(change)).toEqual([complaint]);
  });

  test('a local provider has neither hosts nor a credential', () => {
    expect(changed({ kind: 'local' })).toEqual([
      'example: a local provider has no hosts',
      'example: a local provider has no credential',
    ]);
  });
});

describe('a registry', () => {
  const local = { id: 'local', kind: 'local', hosts: {}, auth: { kind: 'none' }, commercialUse: 'yes' } as const;

  test('with the local provider last has no complaints', () => {
    expect(checkRegistry([entry({}), entry(local)])).toEqual([]);
  });

  test('complains of ids that stand twice and of a remote provider behind a local one', () => {
    expect(checkRegistry([entry(local), entry({})])).toEqual(['example: a remote provider stands after a local one']);
    expect(checkRegistry([entry({}), entry({})])).toEqual(['example: stands twice in the registry']);
    expect(checkRegistry([entry(local), entry({ enabledByDefault: false })])).toEqual([]);
  });

  test('takes a provider of another home as remote, and leaves its facts to that home', () => {
    const away: AwayEntry = { ...entry({}), manifest: homeOf('elsewhere', 'places') };
    expect(checkRegistry([away, entry(local)])).toEqual([]);
    expect(checkRegistry([entry(local), away])).toEqual(['elsewhere: a remote provider stands after a local one']);
    expect(checkRegistry([away, away])).toEqual(['elsewhere: stands twice in the registry']);
  });
});
