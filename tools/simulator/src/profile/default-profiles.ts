import { resolveHomes } from '@universal-api/providers-router';
import type { RegistryEntry } from '@universal-api/providers-spec';
import { formatProfile } from './format-profile.ts';

/** How fast an upstream answers of which nothing else is said, as public APIs do on a good day. */
const usual = 'latency(40,120)';

/** Profiles that stand unless others are given: the usual latency, and the quotas that each manifest declares. */
export function defaultProfiles(entries: readonly RegistryEntry[]): Readonly<Record<string, string>> {
  const manifests = resolveHomes(entries).map(({ manifest }) => manifest);
  const limited = manifests.filter(({ kind, quotas }) => kind === 'remote' && quotas.length > 0);
  return {
    '*': usual,
    ...Object.fromEntries(limited.map(({ id, quotas }) => [id, formatProfile({ quotas, faults: [] })])),
  };
}
