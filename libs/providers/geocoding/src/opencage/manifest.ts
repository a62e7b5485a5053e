import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about OpenCage. Unless a line says otherwise: https://opencagedata.com/api, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'opencage',
  name: 'OpenCage',
  documentation: 'https://opencagedata.com/api',
  kind: 'remote',
  operations: { 'geocoding.forward': {}, 'geocoding.reverse': {} },
  // "It is not necessary to set any HTTP headers for authentication": the query is the only place.
  auth: { kind: 'key', variable: 'OPENCAGE_API_KEY', sentIn: { query: 'key' } },
  hosts: { base: 'https://api.opencagedata.com/geocode/v1' },
  // Of the free trial, counted anew from midnight UTC; subscriptions have more (#rate-limiting, /pricing).
  quotas: [
    { unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' },
    { unit: 'calls', limit: 2500, windowS: 86_400, window: 'calendar', countedBy: 'process' },
  ],
  timeoutMs: 2000,
  // https://opencagedata.com/credits: OpenStreetMap (ODbL) and other open sources, mixed.
  licence: 'ODbL 1.0 and other open licences',
  attribution: 'Geocoding by OpenCage; © OpenStreetMap contributors',
  commercialUse: 'yes',
  // "You may cache results as long as you like."
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'osm',
  // Codes: https://opencagedata.com/api#codes.
  failureRules: [
    { status: 402, failure: 'quota_exhausted', resets: 'day' },
    { status: 429, failure: 'quota_exhausted', resets: 'minute' },
    { status: 408, failure: 'retry_elsewhere' },
    { status: 410, failure: 'empty' },
    { status: 400, body: /missing or bad query|invalid coordinates|too short/i, failure: 'empty' },
  ],
  costNanoUsd: 0n,
};
