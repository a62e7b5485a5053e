import type { ProviderManifest } from '@universal-api/providers-spec';
import { feeds } from './meteoalarm-feeds.ts';

/** Facts about MeteoAlarm. Unless a line says otherwise: https://feeds.meteoalarm.org, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'meteoalarm',
  name: 'MeteoAlarm',
  documentation: 'https://feeds.meteoalarm.org/',
  kind: 'remote',
  operations: { 'weather.alerts': { countries: Object.keys(feeds) } },
  auth: { kind: 'none' },
  hosts: { base: 'https://feeds.meteoalarm.org/api/v1' },
  // No limit is public. Ours: a feed at most once a minute.
  quotas: [{ unit: 'calls', limit: Object.keys(feeds).length, windowS: 60, window: 'sliding', countedBy: 'process' }],
  // A feed is all warnings of a country, up to some megabytes.
  timeoutMs: 3000,
  // Not confirmed: what redistribution is said to be under; the terms themselves are to be read before it is relied on.
  licence: 'CC BY 4.0',
  attribution: 'Warnings by EUMETNET MeteoAlarm and its members',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  // Each country's warnings are those of its own service.
  lineage: 'meteoalarm',
  failureRules: [{ status: 429, failure: 'quota_exhausted', resets: 'minute' }],
  costNanoUsd: 0n,
};
