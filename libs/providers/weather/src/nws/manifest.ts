import type { ProviderManifest } from '@universal-api/providers-spec';

/** The United States and their territories, which have forecast offices of their own: https://www.weather.gov/srh/nwsoffices. */
const countries = ['US', 'PR', 'VI', 'GU', 'MP', 'AS'];

/** Facts about the National Weather Service. Unless a line says otherwise: https://www.weather.gov/documentation/services-web-api, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'nws',
  name: 'National Weather Service',
  documentation: 'https://www.weather.gov/documentation/services-web-api',
  kind: 'remote',
  operations: {
    'weather.current': { countries },
    'weather.forecast': { countries },
    'weather.alerts': { countries },
  },
  // No key, but a User-Agent that names the application; 403 without.
  auth: { kind: 'none' },
  hosts: { base: 'https://api.weather.gov' },
  // "Reasonable rate limits", not public; a call over them "may be retried after the limit clears (typically 5 seconds)".
  quotas: [],
  // The first question about a point takes three calls.
  timeoutMs: 3000,
  // https://www.weather.gov/disclaimer, 2026-11-24.
  licence: 'public domain',
  attribution: 'Weather data by the National Weather Service',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'noaa',
  failureRules: [
    // A point that no office covers, and a grid cell or station that is not there.
    { status: 404, failure: 'empty' },
    { status: 429, failure: 'quota_exhausted', resets: 'minute' },
  ],
  costNanoUsd: 0n,
};
