import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the weather API of MET Norway. Unless a line says otherwise: https://api.met.no/doc/TermsOfService, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'met_norway',
  name: 'MET Norway',
  documentation: 'https://api.met.no/weatherapi/locationforecast/2.0/documentation',
  kind: 'remote',
  operations: {
    'weather.current': {},
    'weather.forecast': {},
    // Norway with Svalbard and Jan Mayen: https://api.met.no/weatherapi/metalerts/2.0/documentation, 2026-11-24.
    'weather.alerts': { countries: ['NO', 'SJ'] },
  },
  // No key, but a User-Agent that names the application, and a contact (`UAPI_CONTACT`); 403 without.
  auth: { kind: 'none' },
  hosts: { base: 'https://api.met.no/weatherapi' },
  // 20 a second for an application, all its installations together.
  quotas: [{ unit: 'calls', limit: 20, windowS: 1, window: 'sliding', countedBy: 'process' }],
  timeoutMs: 2000,
  // https://api.met.no/doc/License, 2026-11-24.
  licence: 'CC BY 4.0',
  attribution: 'Weather data by MET Norway',
  commercialUse: 'yes',
  mayBeStored: true,
  // "Do not ask again before the time in Expires."
  honoursExpiry: true,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'met_norway',
  failureRules: [
    // https://api.met.no/doc/FAQ, 2026-11-24: throttled clients get 429, ones without identification 403.
    { status: 403, failure: 'auth' },
    { status: 429, failure: 'quota_exhausted', resets: 'minute' },
    { status: 422, failure: 'empty' },
  ],
  costNanoUsd: 0n,
};
