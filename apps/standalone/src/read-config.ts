import { accountVariables, sessionVariables } from '@universal-api/auth/compose';
import { loadConfig, z, type Environment } from '@universal-api/config';
import { edgeVariables, rateVariables, readRateOverrides } from '@universal-api/gateway/compose';
import { egressVariables } from '@universal-api/search/compose';
import { standaloneVariables } from './config.ts';

const variables = z.object({
  ...standaloneVariables.shape,
  ...edgeVariables,
  ...egressVariables,
  ...sessionVariables,
  ...accountVariables,
});

/** Everything that the product reads from its environment, checked at once. */
export function readConfig(environment: Environment) {
  const host = loadConfig(variables, environment);
  return { host, rateOverrides: readRateOverrides(environment), environment };
}

/** The configuration as read. */
export type ProductConfig = ReturnType<typeof readConfig>;

/** Names that something reads; single providers' variables aside. */
export function knownVariables(): string[] {
  return [...Object.keys(variables.shape), ...rateVariables()];
}
