import { defaultPolicies, type Rate } from './policy-table.ts';

/** Rates that take the place of the defaults, by policy name, before the plan multiplies them; the kind of a policy stays. */
export type RateOverrides = Readonly<Record<string, Rate>>;

/** A variable that could not be read, and the rule it broke. */
export interface RateOverrideProblem {
  readonly variable: string;
  readonly rule: string;
}

const shape = /^([1-9]\d{0,8})\/([1-9]\d{0,4})$/;
const longestWindowS = 86_400;
const rule = `must be <units>/<seconds>, such as 1000/60: units 1 to 999,999,999, seconds 1 to ${longestWindowS}`;

/** Each unit of these is remembered. */
const mostLogged = 1_000;
const logRule = `must be ${mostLogged} units or less`;

/** The variable that overrides a policy: `lookup-min` → `RL_LOOKUP_MIN`. */
export function rateVariableOf(policy: string): string {
  return `RL_${policy.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Reads the overrides of every policy from an environment; an unset or empty variable is none. Other names that begin with
 * `RL_` are not its business. All problems at once, so that a refusal to start names each variable.
 */
export function parseRateOverrides(env: Readonly<Record<string, string | undefined>>): {
  readonly overrides: RateOverrides;
  readonly problems: readonly RateOverrideProblem[];
} {
  const overrides: Record<string, Rate> = {};
  const problems: RateOverrideProblem[] = [];
  for (const [policy, { kind }] of Object.entries(defaultPolicies())) {
    const variable = rateVariableOf(policy);
    const text = env[variable]?.trim();
    if (!text) continue;
    const [, q, windowS] = shape.exec(text) ?? [];
    if (q === undefined || Number(windowS) > longestWindowS) problems.push({ variable, rule });
    else if (kind === 'log' && Number(q) > mostLogged) problems.push({ variable, rule: logRule });
    else overrides[policy] = { q: Number(q), windowS: Number(windowS) };
  }
  return { overrides, problems };
}
