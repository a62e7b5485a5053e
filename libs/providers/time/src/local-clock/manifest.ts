import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the clock in process: time zones as the runtime's own ICU data has them. */
export const manifest: ProviderManifest = {
  id: 'local_clock',
  name: 'Local clock',
  documentation: 'https://tc39.es/ecma402/#datetimeformat-objects',
  kind: 'local',
  operations: { 'time.now': {}, 'time.convert': {}, 'time.zones': {} },
  auth: { kind: 'none' },
  hosts: {},
  quotas: [],
  timeoutMs: 2_000,
  // Source: https://data.iana.org/time-zones/tzdb/LICENSE (the database) and the Unicode licence of ICU.
  licence: 'Public domain (tz database), Unicode-3.0 (ICU)',
  attribution: '',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'tzdb',
  failureRules: [],
  costNanoUsd: 0n,
};
