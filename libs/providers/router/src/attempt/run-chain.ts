import { freshForMs, type CacheClass, type MadeValue } from '@universal-api/cache';
import { AppError } from '@universal-api/errors';
import type { KeptAnswer } from '../build-meta.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { CandidateList } from '../candidates/list-candidates.ts';
import type { LeftOut } from '../candidates/reasons.ts';
import { whyNotNow, type NetworkView } from '../candidates/why-not-now.ts';
import { QuotaGone, type CallQuota, type NoQuota, type QuotaHold } from '../quota/call-quota.ts';
import type { AttemptFacts, AttemptRecord, CallOrigin, Degradation } from '../route-question.ts';
import {
  attemptProvider,
  type AttemptCall,
  type AttemptParts,
  type FailureCode,
  type Outcome,
} from './attempt-provider.ts';
import { refuseCall, type Failed } from './refuse-call.ts';
import { withinTime } from './within-time.ts';

/** What chains share. */
export interface ChainParts extends AttemptParts {
  readonly network: NetworkView;
  /** Told of each attempt and each candidate that was passed over. */
  readonly onAttempt: (attempt: AttemptRecord, facts: AttemptFacts, error: unknown) => void;
  /** Absent: nobody counts calls of tenants. */
  readonly quota?: CallQuota | undefined;
}

/** One call down a chain. */
export interface ChainCall extends Omit<AttemptCall, 'limitMs'> {
  readonly candidates: CandidateList;
  readonly cacheClass: CacheClass;
  /** When the answer is too late, ms since the epoch. */
  readonly deadlineAt: number;
  /** Whether an empty list means that nothing was found. */
  readonly isSearch: boolean;
  readonly origin?: CallOrigin;
  /** No remote provider may be asked: they are passed over. */
  readonly noQuota?: NoQuota;
}

type Answered = Extract<Outcome, { kind: 'answer' }>;

/** How far one call has come. */
interface Run {
  readonly parts: ChainParts;
  readonly call: ChainCall;
  readonly attempts: AttemptRecord[];
  /** Who was asked and gave nothing to hand on, in order. */
  readonly failed: Failed[];
  readonly passedOver: LeftOut[];
  /** Ids of those who might have answered and could not: they failed or are down, in order. */
  readonly missed: string[];
  /** The last who said that there is nothing, and who was missed before the first of those who said so. */
  nothing?: { readonly candidate: Candidate; readonly outcome?: Answered; readonly missed: readonly string[] };
  costNanoUsd: bigint;
  /** The unit of the tenant's quota, once a remote provider is to be asked. */
  hold?: Extract<QuotaHold, { isHeld: true }>;
}

/** An attempt at a remote provider with less time than this, ms, is not begun. */
const leastLimitMs = 20;
/** Longest wait for the names of all candidates, ms. */
const lookUpMs = 700;

/**
 * Asks one candidate after the other until one answers. "Nothing" from one does not end the chain, since the next may
 * know; it is the answer if nobody does. A fault of the question (`caller_error`) ends it at once.
 *
 * Where a better candidate failed or is down, "nothing" is no knowledge: a search tells it as `weaker_basis`, any other
 * call is refused. `weaker_basis` also stands beside the answer of a local provider in place of a remote one; `detail`
 * has the ids of the missed, `from` the first of them, `to` who answered.
 *
 * A remote provider is asked against a unit of the tenant's quota, which counts if one of them answers.
 *
 * Errors: `invalid_request` with the fields; those of `refuseCall`; `QuotaGone` before a remote provider would be asked without
 * a unit; the signal's reason when nobody waits any more.
 */
export async function runChain(parts: ChainParts, call: ChainCall): Promise<MadeValue<KeptAnswer>> {
  const run: Run = { parts, call, attempts: [], failed: [], passedOver: [], missed: [], costNanoUsd: 0n };
  let isAnswered = false;
  try {
    const { candidate, ...made } = await goDown(run);
    isAnswered = candidate.guards !== undefined;
    return made;
  } finally {
    run.hold?.end(isAnswered);
  }
}

async function goDown(run: Run): Promise<MadeValue<KeptAnswer> & { readonly candidate: Candidate }> {
  const { parts, call } = run;
  const { permitted, leftOut } = call.candidates;
  await lookUpNames(run);
  for (const [index, candidate] of permitted.entries()) {
    const answered = await tryCandidate(run, candidate, index);
    if (answered) return toMade(run, { candidate, outcome: answered, missed: candidate.guards ? [] : run.missed });
  }
  const { nothing } = run;
  if (nothing && (call.isSearch || nothing.missed.length === 0)) return toMade(run, { ...nothing, isNothing: true });
  throw refuseCall({ failed: run.failed, leftOut: [...run.passedOver, ...leftOut], now: parts.clock.now() });
}

/** Before the first attempt, the names of all candidates together; not if a local one stands first. */
async function lookUpNames({ parts: { network, clock }, call }: Run): Promise<void> {
  const { permitted, hostNames } = call.candidates;
  const lookUp = hostNames.length > 0 && permitted[0]?.guards && network.lookUp(hostNames);
  if (!lookUp) return;
  const limitMs = Math.min(lookUpMs, (call.deadlineAt - clock.now()) / 2);
  // Names that are not known by then are looked up by the attempt itself, and what fails there counts.
  await withinTime(limitMs, call.signal, () => lookUp).catch(() => call.signal.throwIfAborted());
}

/** Asks one candidate; undefined: the next is to be asked. */
async function tryCandidate(run: Run, candidate: Candidate, index: number): Promise<Answered | undefined> {
  const { call, parts } = run;
  call.signal.throwIfAborted();
  const why = whyNotNow(candidate, parts.network, parts.clock.now());
  if (why) return passOver(run, why);
  if (candidate.guards) {
    const { noQuota } = call;
    if (noQuota) {
      const { reason, availableAt } = noQuota;
      return passOver(run, {
        provider: candidate.id,
        reason,
        availableAt,
        ...(reason === 'quota' && { isOfTenant: true }),
      });
    }
    await holdUnit(run);
  }
  const limitMs = () => limitOf(run, candidate, index);
  if (limitMs() <= 0) {
    fail(run, candidate, 'timeout');
    record(run, { provider: candidate.id, outcome: 'failed', ms: 0, code: 'timeout' });
    return undefined;
  }
  let outcome = await attempt(run, candidate, limitMs);
  const isWorthAgain = outcome.kind === 'failed' && outcome.code === 'retry_here' && limitMs() > 0;
  if (isWorthAgain) outcome = await attempt(run, candidate, limitMs);
  return judge(run, candidate, outcome);
}

/** One unit for all attempts of a run, before the first one at a remote provider. */
async function holdUnit(run: Run): Promise<void> {
  const { quota } = run.parts;
  const { origin } = run.call;
  if (run.hold || !quota || !origin) return;
  const hold = await quota.hold(origin);
  if (!hold.isHeld) throw new QuotaGone(hold);
  run.hold = hold;
}

function judge(run: Run, candidate: Candidate, outcome: Outcome): Answered | undefined {
  if (outcome.kind === 'left') return passOver(run, outcome.leftOut);
  if (outcome.kind === 'answer') {
    if (!run.call.isSearch || !isEmptyList(outcome.answer)) return outcome;
    sayNothing(run, candidate, 'empty', outcome);
  } else if (outcome.code === 'caller_error') {
    const internal = 'a provider refused the question';
    throw new AppError('invalid_request', { errors: outcome.fieldErrors ?? [], internal, cause: outcome.error });
  } else if (outcome.code === 'empty' || outcome.code === 'not_found') {
    sayNothing(run, candidate, outcome.code);
  } else {
    fail(run, candidate, outcome.code);
  }
  return undefined;
}

function sayNothing(run: Run, candidate: Candidate, code: FailureCode, outcome?: Answered): void {
  run.nothing = { candidate, outcome, missed: run.nothing?.missed ?? [...run.missed] };
  run.failed.push({ candidate, code });
}

function fail(run: Run, candidate: Candidate, code: FailureCode): void {
  run.failed.push({ candidate, code });
  // Who may not speak of it will not speak of it later either.
  if (code !== 'content_blocked') run.missed.push(candidate.id);
}

/** Half of what remains while another candidate is left, and never longer than the manifest says. */
function limitOf({ call, parts: { clock, network } }: Run, candidate: Candidate, index: number): number {
  const now = clock.now();
  const leftMs = call.deadlineAt - now;
  if (candidate.guards && leftMs < leastLimitMs) return 0;
  const { permitted } = call.candidates;
  const hasNext = permitted.some((other, place) => place > index && !whyNotNow(other, network, now));
  return Math.min(candidate.timeoutMs, hasNext ? leftMs / 2 : leftMs);
}

async function attempt(run: Run, candidate: Candidate, limitMs: () => number): Promise<Outcome> {
  const begun = performance.now();
  const outcome = await attemptProvider(run.parts, candidate, { ...run.call, limitMs });
  if (outcome.kind === 'left') return outcome;
  run.costNanoUsd += candidate.manifest.costNanoUsd;
  const tookMs = performance.now() - begun;
  const [ms, totalUs] = [Math.round(tookMs), Math.round(tookMs * 1_000)];
  if (outcome.kind === 'answer') record(run, { provider: candidate.id, outcome: 'ok', ms, code: '' }, totalUs);
  else record(run, { provider: candidate.id, outcome: 'failed', ms, code: outcome.code }, totalUs, outcome.error);
  return outcome;
}

function record({ attempts, parts, call }: Run, made: AttemptRecord, totalUs = 0, error?: unknown): void {
  const failedBefore = attempts.findLast(({ outcome, provider }) => outcome === 'failed' && provider !== made.provider);
  attempts.push(made);
  const { origin, traceparent } = call;
  const facts = { place: attempts.length, fallbackFrom: failedBefore?.provider, totalUs, origin, traceparent };
  parts.onAttempt(made, facts, error);
}

function passOver(run: Run, left: LeftOut): undefined {
  run.passedOver.push(left);
  run.missed.push(left.provider);
  record(run, { provider: left.provider, outcome: 'skipped', ms: 0, code: left.reason });
}

/** Whose answer is kept. `missed`: who is named as better than the one who answered. */
interface Kept {
  readonly candidate: Candidate;
  readonly outcome?: Answered;
  readonly missed: readonly string[];
  readonly isNothing?: boolean;
}

/** What is kept, and how long: less if a candidate that comes first may be back soon. */
function toMade(
  run: Run,
  { candidate, outcome, missed, isNothing = false }: Kept,
): MadeValue<KeptAnswer> & { readonly candidate: Candidate } {
  const { id, manifest } = candidate;
  const { attempts, costNanoUsd } = run;
  const now = run.parts.clock.now();
  const degraded = [...(outcome?.degraded ?? []), ...weakerBasis(missed, id)];
  const freshFor = freshForMs({
    cacheClass: run.call.cacheClass,
    isEmpty: isNothing,
    isDegraded: degraded.length > 0 || run.missed.length > 0,
    maxStoreS: manifest.mayBeStored ? manifest.maxStoreS : 0,
    expiresAt: manifest.honoursExpiry ? outcome?.expiresAt : undefined,
    now,
  });
  const answer = isNothing ? undefined : outcome?.answer;
  const { noQuota: quota } = run.call;
  return {
    candidate,
    value: { provider: id, answer, isNothing, asOf: now, degraded, attempts, costNanoUsd, ...(quota && { quota }) },
    freshForMs: freshFor,
  };
}

function weakerBasis(missed: readonly string[], to: string): readonly Degradation[] {
  const [from] = missed;
  return from === undefined ? [] : [{ code: 'weaker_basis', detail: missed.join(','), from, to }];
}

function isEmptyList(answer: unknown): boolean {
  return Array.isArray(answer) && answer.length === 0;
}
