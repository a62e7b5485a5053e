import { ConfigError, type Environment } from '@universal-api/config';
import { defaultPolicies, parseRateOverrides, rateVariableOf, type RateOverrides } from '@universal-api/limits';

/** The `RL_*` variables, or a refusal that names each one that cannot be read. */
export function readRateOverrides(environment: Environment): RateOverrides {
  const { overrides, problems } = parseRateOverrides(environment);
  if (problems.length > 0) throw new ConfigError(problems.map(({ variable, rule }) => `${variable}: ${rule}`));
  return overrides;
}

/** Every `RL_*` variable that exists, one per policy. */
export function rateVariables(): string[] {
  return Object.keys(defaultPolicies()).map(rateVariableOf);
}
