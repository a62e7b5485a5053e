import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about WeatherAPI.com. Unless a line says otherwise: https://www.weatherapi.com/docs/, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'weatherapi',
  name: 'WeatherAPI.com',
  documentation: 'https://www.weatherapi.com/docs/',
  kind: 'remote',
  operations: { 'weather.current': {}, 'weather.forecast': {}, 'weather.air_quality': {}, 'weather.alerts': {} },
  auth: { kind: 'key', variable: 'WEATHERAPI_KEY', sentIn: { query: 'key' } },
  hosts: { base: 'https://api.weatherapi.com/v1' },
  // The free plan, a month: https://www.weatherapi.com/pricing.aspx, 2026-11-24.
  quotas: [{ unit: 'calls', limit: 100_000, windowS: 30 * 86_400, window: 'sliding', countedBy: 'process' }],
  timeoutMs: 2000,
  // https://www.weatherapi.com/terms.aspx, 2026-11-24.
  licence: 'WeatherAPI.com terms',
  attribution: 'Powered by WeatherAPI.com',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'weatherapi',
  failureRules: [
    // A spent month is a 403 with a number of its own; until when it does not say.
    { body: /"code":\s*2007\b/, failure: 'quota_exhausted', resets: 'day' },
    { body: /"code":\s*(?:1002|2006|2008|2009)\b/, failure: 'auth' },
    { body: /"code":\s*1006\b/, failure: 'empty' },
    { body: /"code":\s*9999\b/, failure: 'retry_elsewhere' },
  ],
  costNanoUsd: 0n,
};
