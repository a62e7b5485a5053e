import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the countries in process. */
export const manifest: ProviderManifest = {
  id: 'local_countries',
  name: 'Local countries',
  documentation: 'https://github.com/mledoze/countries',
  kind: 'local',
  operations: { 'countries.list': {}, 'countries.get': {} },
  auth: { kind: 'none' },
  hosts: {},
  quotas: [],
  timeoutMs: 2_000,
  // Source: the licence file of world-countries 5.1.0.
  licence: 'ODbL-1.0',
  attribution: 'Country data by mledoze/countries, under the Open Database License',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'mledoze_countries',
  failureRules: [],
  costNanoUsd: 0n,
};
