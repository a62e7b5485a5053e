/**
 * Why a candidate is not asked; the closed set of words in `candidates[].reason` and in skipped attempts.
 *
 * - `disabled`, `no_credential`, `no_egress`: configuration; the variable is named.
 * - `not_in_only`, `ignored`: the caller's wishes. `keyless_only`: the caller has no credential of ours.
 * - `out_of_coverage`: not for this country or language.
 * - `offline`, `breaker_open`: down now. `quota`: its allowance is used up now.
 * - `slots_unavailable`: the installation-wide count is out of reach, so that it may not be called.
 */
export const leftOutReasons = [
  'disabled',
  'no_credential',
  'no_egress',
  'not_in_only',
  'ignored',
  'keyless_only',
  'out_of_coverage',
  'offline',
  'breaker_open',
  'quota',
  'slots_unavailable',
] as const;

/** One reason. */
export type LeftOutReason = (typeof leftOutReasons)[number];

/** A candidate that is not asked, and why. */
export interface LeftOut {
  readonly provider: string;
  readonly reason: LeftOutReason;
  /** Environment variable that would change it. */
  readonly variable?: string;
  /** When it may be asked again, ms since the epoch, if that is known. */
  readonly availableAt?: number;
  /** It is the quota of the tenant that is used up, not an allowance of the provider. */
  readonly isOfTenant?: true;
}
