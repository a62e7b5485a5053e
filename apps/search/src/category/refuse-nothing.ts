import { AppError, type CandidateReason } from '@universal-api/errors';
import { waitForAnyS, type AnswerMeta, type Availability, type Routed } from '@universal-api/providers-router';

/** Reasons that pass by themselves and are no outage: an allowance comes back on its day. */
const allowance = 'quota';
/** What those are told of who were asked and know nothing. */
const nothingCodes: ReadonlySet<string> = new Set(['empty', 'not_found']);

/** Whether a search found nothing while somebody better failed or was down: that is not known to be nothing. */
export function isUnsureNothing({ answer, meta }: Routed<readonly unknown[]>): boolean {
  return answer.length === 0 && meta.degraded.some(({ code }) => code === 'weaker_basis');
}

/**
 * The error of a question that needs what such a search did not find, as the router words it for a question that is no
 * search: `budget_exceeded` where the tenant's quota is used up; else `provider_unavailable`, or `no_provider_available`
 * when a used-up allowance is all that is missing; with every candidate and its reason. `available`: the chain as it stands now. Pure.
 */
export function refuseNothing(
  { attempts, quota }: AnswerMeta,
  available: readonly Availability[],
  now: number,
): AppError {
  const reasons = new Map<string, CandidateReason>();
  for (const { provider, code } of attempts) reasons.set(provider, { provider, reason: code === '' ? 'empty' : code });
  const missed = [...reasons.values()].filter(({ reason }) => !nothingCodes.has(reason));
  const isSpent = quota?.reason === 'quota';
  const isAllowance = missed.every(({ reason }) => reason === allowance);
  const code = isSpent ? 'budget_exceeded' : isAllowance ? 'no_provider_available' : 'provider_unavailable';
  for (const { provider, reason, variable } of available) {
    const known = reasons.get(provider);
    if (reason !== undefined) reasons.set(provider, { ...(known ?? { provider, reason }), variable });
  }
  const retryAfterS = waitForAnyS(isSpent ? [quota] : available, now);
  return new AppError(code, {
    candidates: [...reasons.values()],
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...(code === 'no_provider_available' ? { next: { action: 'wait' } } : {}),
    internal: `nothing found without ${missed.map(({ provider, reason }) => `${provider} ${reason}`).join(', ')}`,
  });
}
