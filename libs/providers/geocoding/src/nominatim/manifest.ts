import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the public Nominatim. Unless a line says otherwise: https://operations.osmfoundation.org/policies/nominatim/, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'nominatim',
  name: 'Nominatim',
  documentation: 'https://nominatim.org/release-docs/latest/api/Overview/',
  kind: 'remote',
  operations: { 'geocoding.forward': {}, 'geocoding.reverse': {}, 'geocoding.postcode': {} },
  // No key, but a User-Agent that names the application, and a contact (`UAPI_CONTACT`).
  auth: { kind: 'none' },
  hosts: { base: 'https://nominatim.openstreetmap.org' },
  // "An absolute maximum of 1 request per second", the sum of all users of an application.
  quotas: [{ unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' }],
  timeoutMs: 2000,
  // https://www.openstreetmap.org/copyright, 2026-11-24.
  licence: 'ODbL 1.0',
  attribution: '© OpenStreetMap contributors',
  commercialUse: 'yes',
  // "Results must be cached on your side."
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'osm',
  failureRules: [
    // Pages of HTML, whatever the status: https://github.com/osm-search/Nominatim/issues/793 and /3539.
    { body: /Bandwidth limit exceeded|Usage limit reached/i, failure: 'quota_exhausted', resets: 'hour' },
    { body: /Access blocked/i, failure: 'auth' },
    // A point where nothing is, under 200: https://nominatim.org/release-docs/latest/api/Reverse/.
    { body: /^\s*\{\s*"error"\s*:\s*"Unable to geocode"/, failure: 'not_found' },
    // A question of punctuation only.
    { status: 400, body: /Nothing to search for/i, failure: 'empty' },
  ],
  costNanoUsd: 0n,
};
