import type { Environment } from './load-config.ts';

const prefixes = ['UAPI_', 'AUTH_', 'RL_', 'TELEMETRY_', 'ANALYTICS_', 'SSE_', 'KAFKA_', 'DEADLINE_', 'LOG_'];

/** Names in the environment that look like ours but are none: a typing error is said at start instead of being ignored. */
export function unknownVariables(environment: Environment, known: Iterable<string>): string[] {
  const names = new Set(known);
  return Object.keys(environment)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .filter((name) => !names.has(name) && !names.has(name.replace(/_FILE$/, '')))
    .sort();
}
