import { AppError, type CandidateReason, type ErrorCode, type Next } from '@universal-api/errors';
import { candidatesOf, firstOf, type SearchEnd } from './slot-end.ts';

/** Codes that stand for the whole search where every category ended with them. */
const alike: ReadonlySet<ErrorCode> = new Set(['provider_timeout', 'no_provider_available', 'budget_exceeded']);

/** Reasons that only other wishes of the caller would change. */
const wishes: ReadonlySet<string> = new Set(['not_in_only', 'ignored']);

/**
 * The error of a search that nobody answered (search.md 20): 504 when all were too slow, 503 `provider_unavailable` when
 * all who may were down, 503 `no_provider_available` when nobody may, 429 `budget_exceeded` when the tenant's quota was all that
 * was missing; with every candidate and its reason.
 */
export function refuseSearch({ ends, left }: SearchEnd, now: number): AppError {
  const failed = ends.filter(({ settled }) => settled?.kind !== 'void');
  const errors = failed.flatMap(({ settled }) => (settled?.kind === 'failed' ? [AppError.from(settled.error)] : []));
  const open = failed.filter(({ settled }) => !settled);
  const unavailable = left.filter((end) => end.left.status === 'not_available');
  const codes = new Set<ErrorCode>([
    ...errors.map(({ code }) => code),
    ...open.map(() => 'provider_timeout' as const),
    ...(failed.length === 0 ? unavailable.map(() => 'no_provider_available' as const) : []),
  ]);
  const candidates = [
    ...failed.flatMap(candidatesOf),
    ...open.flatMap((end): CandidateReason[] => {
      const first = firstOf(end);
      return first === undefined ? [] : [{ provider: first, reason: 'timeout' }];
    }),
    ...unavailable.flatMap(({ available }) =>
      available.map(({ provider, reason = 'disabled', variable }): CandidateReason => ({ provider, reason, variable })),
    ),
  ];
  const waits = [
    ...errors.flatMap(({ details }) => details.retryAfterS ?? []),
    ...unavailable.flatMap(({ available }) =>
      available.flatMap(({ availableAt }) =>
        availableAt === undefined ? [] : [Math.ceil((availableAt - now) / 1000)],
      ),
    ),
  ];
  const code = codeOf(codes);
  const retryAfterS = waits.length === 0 ? undefined : Math.max(1, Math.min(...waits));
  return new AppError(code, {
    candidates: oncePerProvider(candidates),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...(code === 'no_provider_available' ? { next: nextOf(candidates, retryAfterS) } : {}),
    internal: `no category answered: ${[...codes].join(', ')}`,
    cause: errors[0],
  });
}

function codeOf(codes: ReadonlySet<ErrorCode>): ErrorCode {
  const [only] = codes;
  if (codes.size === 1 && only && alike.has(only)) return only;
  return 'provider_unavailable';
}

function nextOf(candidates: readonly CandidateReason[], retryAfterS: number | undefined): Partial<Next> {
  if (retryAfterS !== undefined) return { action: 'wait' };
  if (candidates.some(({ variable }) => variable !== undefined)) return { action: 'enable' };
  if (candidates.some(({ reason }) => wishes.has(reason))) return { action: 'fix', field: 'routing' };
  return { action: 'use_other' };
}

function oncePerProvider(candidates: readonly CandidateReason[]): readonly CandidateReason[] {
  return [...new Map(candidates.map((candidate) => [candidate.provider, candidate])).values()];
}
