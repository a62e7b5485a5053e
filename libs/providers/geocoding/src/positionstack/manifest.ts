import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about positionstack. Unless a line says otherwise: https://positionstack.com/documentation, 2026-11-24. */
export const manifest: ProviderManifest = {
  id: 'positionstack',
  name: 'positionstack',
  documentation: 'https://positionstack.com/documentation',
  kind: 'remote',
  operations: { 'geocoding.forward': {}, 'geocoding.reverse': {} },
  auth: { kind: 'key', variable: 'POSITIONSTACK_API_KEY', sentIn: { query: 'access_key' } },
  // TLS always: a key never goes out in the clear, so a plan without TLS cannot be used (see the failure rules).
  hosts: { base: 'https://api.positionstack.com/v1' },
  // Of the free plan, a calendar month. Counted over 31 days, so never more in any month.
  quotas: [{ unit: 'calls', limit: 100, windowS: 31 * 86_400, window: 'sliding', countedBy: 'process' }],
  timeoutMs: 2000,
  licence: 'positionstack terms of service',
  attribution: '',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'positionstack',
  failureRules: [
    // A plan without TLS, or without the endpoint: code 105, by whichever status; also as the sister products send it.
    { body: /https_access_restricted|"code"\s*:\s*"?105\b/, failure: 'auth' },
    { body: /"(?:invalid|missing)_access_key"|"inactive_user"|"function_access_restricted"/, failure: 'auth' },
    // Spent for the month; nobody says when it began, so it is tried again each day.
    { body: /"usage_limit_reached"/, failure: 'quota_exhausted', resets: 'day' },
    { body: /"rate_limit_reached"/, failure: 'quota_exhausted', resets: 'minute' },
    // A query below three characters: there is no place of that name for them.
    { status: 422, failure: 'empty' },
  ],
  costNanoUsd: 0n,
};
