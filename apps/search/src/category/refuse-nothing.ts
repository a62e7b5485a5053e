import { AppError, type CandidateReason } from '@universal-api/errors';
import type { AnswerMeta, Availability, Routed } from '@universal-api/providers-router';

/** Reasons that pass by themselves and are no outage: an allowance comes back on its day. */
const allowance = 'quota';
/** How often an offline network is probed (architecture.md 6), s. */
const probeEveryS = 10;
/** What those are told of who were asked and know nothing. */
const nothingCodes: ReadonlySet<string> = new Set(['empty', 'not_found']);

/** Whether a search found nothing while somebody better failed or was down: that is not known to be nothing. */
export function isUnsureNothing({ answer, meta }: Routed<readonly unknown[]>): boolean {
  return answer.length === 0 && meta.degraded.some(({ code }) => code === 'weaker_basis');
}

/**
 * The error of a question that needs what such a search did not find, as the router words it for a question that is no
 * search: `provider_unavailable`, or `no_provider_available` when a used-up allowance is all that is missing; with every
 * candidate and its reason. `available`: the chain as it stands now. Pure.
 */
export function refuseNothing({ attempts }: AnswerMeta, available: readonly Availability[], now: number): AppError {
  const reasons = new Map<string, CandidateReason>();
  for (const { provider, code } of attempts) reasons.set(provider, { provider, reason: code === '' ? 'empty' : code });
  const missed = [...reasons.values()].filter(({ reason }) => !nothingCodes.has(reason));
  const code = missed.every(({ reason }) => reason === allowance) ? 'no_provider_available' : 'provider_unavailable';
  for (const { provider, reason, variable } of available) {
    const known = reasons.get(provider);
    if (reason !== undefined) reasons.set(provider, { ...(known ?? { provider, reason }), variable });
  }
  const waits = available.flatMap(({ reason, availableAt }) => {
    if (reason === 'offline') return [probeEveryS];
    return availableAt === undefined ? [] : [(availableAt - now) / 1000];
  });
  return new AppError(code, {
    candidates: [...reasons.values()],
    ...(waits.length === 0 ? {} : { retryAfterS: Math.max(1, Math.ceil(Math.min(...waits))) }),
    ...(code === 'no_provider_available' ? { next: { action: 'wait' } } : {}),
    internal: `nothing found without ${missed.map(({ provider, reason }) => `${provider} ${reason}`).join(', ')}`,
  });
}
