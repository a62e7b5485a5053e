import { AppError, codeOfFailure, type CandidateReason, type ErrorCode, type Next } from '@universal-api/errors';
import type { FailureCode } from './attempt-provider.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { LeftOut, LeftOutReason } from '../candidates/reasons.ts';
import { waitForAnyS } from '../candidates/wait-for-any.ts';

/** A candidate that was asked and did not answer, or found nothing. */
export interface Failed {
  readonly candidate: Candidate;
  readonly code: FailureCode;
}

/** What happened to a call that nobody answered. */
export interface Unanswered {
  /** In order; a provider that was asked twice stands once, with its last failure. */
  readonly failed: readonly Failed[];
  readonly leftOut: readonly LeftOut[];
  /** ms since the epoch. */
  readonly now: number;
}

/** Down, as against not allowed: whoever is left out for these reasons may answer again soon. */
const downReasons: ReadonlySet<LeftOutReason> = new Set(['offline', 'breaker_open', 'slots_unavailable']);

/**
 * The error of a call that nobody answered, with every candidate and its reason (capabilities.md 0.2, rule 7):
 * `provider_timeout` if all who were asked were too slow; `provider_unavailable` if all who may were down; the code of the
 * failure if all failed alike; `budget_exceeded` if the tenant's quota kept somebody from being asked; else
 * `no_provider_available`, also when allowances are all that is missing. Who found nothing is named and decides nothing.
 */
export function refuseCall(unanswered: Unanswered): AppError {
  const { failed, leftOut, now } = unanswered;
  const spent = leftOut.filter(({ isOfTenant }) => isOfTenant);
  const code = spent.length > 0 ? 'budget_exceeded' : codeOf(failed, leftOut);
  // Whatever else comes back sooner may not be asked before.
  const retryAfterS = spent.length > 0 ? waitForAnyS(spent, now) : retryAfter(unanswered);
  return new AppError(code, {
    candidates: [
      ...failed.map(toReason),
      ...leftOut.map(({ provider, reason, variable }) => ({ provider, reason, variable })),
    ],
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...nextOf(code, unanswered, retryAfterS),
    internal: `nobody answered at ${now}: ${failed.map(({ candidate, code: word }) => `${candidate.id} ${word}`).join(', ')}`,
  });
}

function codeOf(failed: readonly Failed[], leftOut: readonly LeftOut[]): ErrorCode {
  const codes = new Set(failed.map(({ code }) => errorCodeOf(code)));
  const isDown = leftOut.some(({ reason }) => downReasons.has(reason));
  // Nothing found by one says little while another is missing; but then not all failed alike.
  const wasSought = codes.delete('not_found');
  if (codes.size === 0) return isDown ? 'provider_unavailable' : 'no_provider_available';
  const [only] = codes;
  // Failed alike, and who was passed over as down would not have been another word.
  if (codes.size === 1 && only && !wasSought && !(isDown && only === 'no_provider_available')) return only;
  return 'provider_unavailable';
}

function errorCodeOf(code: FailureCode): ErrorCode {
  if (code === 'timeout') return 'provider_timeout';
  return code === 'overloaded' ? 'provider_unavailable' : codeOfFailure[code];
}

function toReason({ candidate: { id, manifest }, code }: Failed): CandidateReason {
  const variable = code === 'auth' && manifest.auth.kind !== 'none' ? manifest.auth.variable : undefined;
  return { provider: id, reason: code, variable };
}

/** Seconds until the first of those who could be asked again may be; absent: nobody knows. */
function retryAfter({ failed, leftOut, now }: Unanswered): number | undefined {
  const spent = failed.filter(({ code }) => code === 'quota_exhausted');
  const free = spent.flatMap(({ candidate: { guards } }) =>
    guards ? [{ availableAt: guards.ledger.freeAt(now) }] : [],
  );
  return waitForAnyS([...leftOut, ...free], now);
}

/** What helps, where it is not what the code alone says. */
function nextOf(
  code: ErrorCode,
  { failed, leftOut }: Unanswered,
  retryAfterS: number | undefined,
): { readonly next?: Partial<Next> } {
  // Asking again would be refused again, until the operator has mended the credential.
  if (code === 'provider_unavailable' && failed.length > 0 && failed.every((one) => one.code === 'auth')) {
    const variable = failed.map(toReason).find((one) => one.variable)?.variable;
    return { next: { action: 'enable', ...(variable && { variable }) } };
  }
  return code === 'no_provider_available' ? { next: whatHelps(leftOut, retryAfterS) } : {};
}

function whatHelps(leftOut: readonly LeftOut[], retryAfterS: number | undefined): Partial<Next> {
  if (retryAfterS !== undefined) return { action: 'wait' };
  if (leftOut.some(({ variable }) => variable !== undefined)) return { action: 'enable' };
  if (leftOut.some(({ reason }) => reason === 'ignored' || reason === 'not_in_only')) {
    return { action: 'fix', field: 'routing' };
  }
  return leftOut.some(({ reason }) => reason === 'keyless_only') ? { action: 'fix' } : { action: 'use_other' };
}
