import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about time zone boundaries in process. */
export const manifest: ProviderManifest = {
  id: 'local_zones',
  name: 'Local time zone boundaries',
  documentation: 'https://github.com/evansiroky/timezone-boundary-builder',
  kind: 'local',
  operations: { 'time.zone_at': {} },
  auth: { kind: 'none' },
  hosts: {},
  quotas: [],
  timeoutMs: 2_000,
  // Source: the licence files of geo-tz 8.1.9 and tz-lookup 6.1.25.
  licence: 'ODbL-1.0',
  attribution: 'Time zone boundaries © OpenStreetMap contributors, by timezone-boundary-builder',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'timezone_boundary_builder',
  failureRules: [],
  costNanoUsd: 0n,
};
