import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about Open-Meteo. Unless a line says otherwise: https://open-meteo.com/en/docs and /en/terms, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'open_meteo',
  name: 'Open-Meteo',
  documentation: 'https://open-meteo.com/en/docs',
  kind: 'remote',
  operations: {
    'weather.current': { hostWithKey: 'customer' },
    'weather.forecast': { hostWithKey: 'customer' },
    'weather.air_quality': { host: 'air_quality', hostWithKey: 'customer_air_quality' },
    // Names are those of GeoNames, heights of the Copernicus DEM GLO-90: /en/docs/geocoding-api and /elevation-api.
    'geocoding.forward': { host: 'geocoding', hostWithKey: 'customer_geocoding', lineage: 'geonames' },
    'geocoding.elevation': { hostWithKey: 'customer', lineage: 'copernicus' },
  },
  // https://open-meteo.com/en/pricing: a subscription's key goes into the query of the customer host.
  auth: { kind: 'optional', variable: 'OPEN_METEO_API_KEY', sentIn: { query: 'apikey' } },
  hosts: {
    base: 'https://api.open-meteo.com/v1',
    customer: 'https://customer-api.open-meteo.com/v1',
    // /en/docs/air-quality-api.
    air_quality: 'https://air-quality-api.open-meteo.com/v1',
    customer_air_quality: 'https://customer-air-quality-api.open-meteo.com/v1',
    geocoding: 'https://geocoding-api.open-meteo.com/v1',
    customer_geocoding: 'https://customer-geocoding-api.open-meteo.com/v1',
  },
  // Per address of the caller, on the clock: https://github.com/open-meteo/open-meteo/issues/439. A question for more
  // than 10 variables or 14 days weighs more than one call there; a 429 then corrects the count.
  quotas: [
    { unit: 'calls', limit: 600, windowS: 60, window: 'calendar', countedBy: 'process' },
    { unit: 'calls', limit: 5000, windowS: 3600, window: 'calendar', countedBy: 'process' },
    { unit: 'calls', limit: 10_000, windowS: 86_400, window: 'calendar', countedBy: 'process' },
  ],
  timeoutMs: 2000,
  licence: 'CC BY 4.0',
  // Where the quality of the air, names and heights come from, who ask to be named.
  attribution: 'Weather data by Open-Meteo.com (air quality: CAMS; names: GeoNames; heights: Copernicus)',
  commercialUse: 'with_key',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'open_meteo',
  // Texts of the server: Sources/App of https://github.com/open-meteo/open-meteo, 2026-11-24. It sends no Retry-After.
  failureRules: [
    { body: /"Minutely API request limit exceeded/, failure: 'quota_exhausted', resets: 'minute' },
    { body: /"Hourly API request limit exceeded/, failure: 'quota_exhausted', resets: 'hour' },
    { body: /"Daily API request limit exceeded/, failure: 'quota_exhausted', resets: 'day' },
    // One request at a time and a queue of 6 per address: https://github.com/open-meteo/open-meteo/issues/1493.
    { status: 429, body: /concurrent request/i, failure: 'retry_elsewhere' },
    { status: 400, body: /api ?key/i, failure: 'auth' },
    { status: 400, body: /No data is available for this location/, failure: 'empty' },
    { status: 400, body: /(?:Latitude|Longitude) must be in range/, failure: 'caller_error' },
  ],
  costNanoUsd: 0n,
};
