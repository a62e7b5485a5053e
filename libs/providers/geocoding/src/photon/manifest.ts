import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the public Photon. Unless a line says otherwise: https://photon.komoot.io/, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'photon',
  name: 'Photon',
  documentation: 'https://github.com/komoot/photon/blob/master/docs/api-v1.md',
  kind: 'remote',
  operations: { 'geocoding.forward': {}, 'geocoding.reverse': {} },
  auth: { kind: 'none' },
  hosts: { base: 'https://photon.komoot.io' },
  // "Please be fair, extensive usage will be throttled": no number is given, so we keep to what Nominatim asks for.
  quotas: [{ unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' }],
  timeoutMs: 2000,
  // https://www.openstreetmap.org/copyright, 2026-11-24.
  licence: 'ODbL 1.0',
  attribution: '© OpenStreetMap contributors',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'osm',
  failureRules: [],
  costNanoUsd: 0n,
};
