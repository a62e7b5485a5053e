import { resolveHomes } from '@universal-api/providers-router';
import type { RegistryEntry } from '@universal-api/providers-spec';

/** The variables of an environment. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * An environment in which every provider is the simulator's: its URL, and every key variable set to `simulated`, so that
 * those that need a key take part and no real key leaves the process. Quotas stay those of the manifests.
 */
export function simulatedEnvironment(
  environment: Variables,
  simulatorUrl: string,
  entries: readonly RegistryEntry[],
): Record<string, string> {
  const variables = new Set(
    resolveHomes(entries).flatMap(({ manifest: { auth } }) => (auth.kind === 'none' ? [] : [auth.variable])),
  );
  const kept = Object.entries(environment).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !variables.has(pair[0].replace(/_FILE$/, '')),
  );
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries([...variables].map((variable) => [variable, 'simulated'])),
    UAPI_SIMULATOR_URL: simulatorUrl,
  };
}
