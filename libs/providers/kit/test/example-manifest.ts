import type { ProviderManifest } from '@universal-api/providers-spec';

/** A manifest without a complaint. */
export const exampleManifest: ProviderManifest = {
  id: 'example',
  name: 'Example',
  documentation: 'https://example.org/docs',
  kind: 'remote',
  operations: { 'weather.current': {} },
  auth: { kind: 'optional', variable: 'EXAMPLE_API_KEY', sentIn: { query: 'key' } },
  hosts: { base: 'https://api.example.org/v1', archive: 'https://archive.example.org' },
  quotas: [{ unit: 'calls', limit: 60, windowS: 60, window: 'sliding', countedBy: 'process' }],
  timeoutMs: 2000,
  licence: 'CC BY 4.0',
  attribution: '',
  commercialUse: 'with_key',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'example',
  failureRules: [],
  costNanoUsd: 0n,
};
