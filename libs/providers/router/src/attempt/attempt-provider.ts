import type { FailureClass, FieldError } from '@universal-api/errors';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext } from '@universal-api/providers-spec';
import {
  BreakerOpen,
  BulkheadFull,
  type BreakerOutcome,
  type BreakerVerdict,
  type Clock,
} from '@universal-api/resilience';
import { awaitSlot, slotGuardMs } from '../quota/await-slot.ts';
import type { CallSlots } from '../quota/call-slots.ts';
import type { Candidate, Guards } from '../candidates/candidate.ts';
import type { LeftOut, LeftOutReason } from '../candidates/reasons.ts';
import type { Degradation } from '../route-question.ts';
import { TimeUp, withinTime } from './within-time.ts';

/** How an attempt failed: a class of the provider's failure, or that there was no time or no room for it. */
export type FailureCode = FailureClass | 'timeout' | 'overloaded';

/** What came of one attempt. `left`: it was not made after all. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly answer: unknown;
      readonly degraded: readonly Degradation[];
      readonly expiresAt?: number;
    }
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly fieldErrors?: readonly FieldError[];
      readonly error: unknown;
    }
  | { readonly kind: 'left'; readonly leftOut: LeftOut };

/** The part of a routed call that an attempt needs. */
export interface AttemptCall {
  readonly question: unknown;
  /** BCP 47. */
  readonly language: string;
  readonly traceparent?: string;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** How long the attempt may take from now on, ms. */
  readonly limitMs: () => number;
}

/** What attempts share. */
export interface AttemptParts {
  readonly clock: Clock;
  readonly slots: CallSlots;
}

/** How long a provider is left alone that said its allowance is spent and not until when, ms. */
const spentForMs = 60_000;
/** A provider that does not answer within this time, ms, is slow, whatever the caller wished. */
const fairLimitMs = 1_000;
/** How an attempt ends that was cut short: by our timer, or by a provider that saw its signal. */
const cutCodes: ReadonlySet<FailureCode> = new Set(['timeout', 'retry_elsewhere']);
const neutral: ReadonlySet<FailureCode> = new Set([
  'caller_error',
  'not_found',
  'empty',
  'content_blocked',
  'quota_exhausted',
]);

/**
 * Makes one attempt: reserves in the ledger, waits for a slot or in the bulkhead, asks under breaker and time limit.
 * A local provider is asked at once. Throws only the signal's reason, when nobody waits any more.
 */
export async function attemptProvider(parts: AttemptParts, candidate: Candidate, call: AttemptCall): Promise<Outcome> {
  const { guards } = candidate;
  if (!guards) return settle(candidate, call, ask(parts, candidate, call, call.signal));
  const now = parts.clock.now();
  if (!guards.ledger.reserve(now)) return left(candidate, 'quota', guards.ledger.freeAt(now));
  const noSlot = guards.slotIntervalMs && (await missSlot(parts, candidate, call, guards.slotIntervalMs));
  const outcome = noSlot || (await settle(candidate, call, askGuarded(parts, candidate, guards, call)));
  if (outcome.kind === 'left' || isUnsent(outcome)) guards.ledger.refund(now);
  if (outcome.kind === 'failed' && outcome.code === 'quota_exhausted') {
    const until = ProviderFailure.is(outcome.error) ? outcome.error.until?.getTime() : undefined;
    guards.ledger.block(until ?? parts.clock.now() + spentForMs);
  }
  return outcome;
}

function askGuarded(parts: AttemptParts, candidate: Candidate, guards: Guards, call: AttemptCall): Promise<Asked> {
  let limitMs = 0;
  const askInTime = () => {
    limitMs = call.limitMs();
    return withinTime(limitMs, call.signal, (signal) => ask(parts, candidate, call, signal));
  };
  const judge = (outcome: BreakerOutcome) => {
    // Neither a caller who left nor one who had little time says anything about the provider.
    const isRushed = limitMs < Math.min(candidate.timeoutMs, fairLimitMs);
    return judgeOutcome(outcome, call.signal.aborted || isRushed);
  };
  // Slots keep calls so far apart that there is nothing left for a bulkhead to bound; waiting in it would miss the slot.
  if (guards.slotIntervalMs) return guards.breaker.run(askInTime, judge);
  return guards.bulkhead.run(() => guards.breaker.run(askInTime, judge), call.signal);
}

interface Asked {
  readonly answer: unknown;
  readonly degraded: Degradation[];
  expiresAt?: number;
}

async function ask(parts: AttemptParts, candidate: Candidate, call: AttemptCall, signal: AbortSignal): Promise<Asked> {
  if (!candidate.ask) throw new Error(`${candidate.id} is left out by configuration`);
  const degraded: Degradation[] = [];
  let freshUntil: number | undefined;
  const context: CallContext = {
    signal,
    deadlineAt: parts.clock.now() + call.limitMs(),
    language: call.language,
    traceparent: call.traceparent,
    degrade: (code, detail, from = '', to = '') => void degraded.push({ code, detail, from, to }),
    expiresAt: (time) => {
      freshUntil = time;
    },
  };
  // The chains pair questions with operations by name; here their types are not known.
  const answer = await candidate.ask(call.question as never, context);
  return { answer, degraded, expiresAt: freshUntil };
}

async function settle(candidate: Candidate, { signal }: AttemptCall, asked: Promise<Asked>): Promise<Outcome> {
  try {
    return { kind: 'answer', ...(await asked) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BreakerOpen) return left(candidate, 'breaker_open', candidate.guards?.breaker.retryAt());
    return { kind: 'failed', code: codeOf(error), error, fieldErrors: fieldErrorsOf(error) };
  }
}

/** Waits for the candidate's slot; answers why it is left out if there is none in time. */
async function missSlot(
  { slots, clock }: AttemptParts,
  candidate: Candidate,
  { signal, limitMs }: AttemptCall,
  intervalMs: number,
): Promise<Outcome | undefined> {
  const maxWaitMs = limitMs();
  try {
    const wait = (inner: AbortSignal) =>
      awaitSlot({ slots, provider: candidate.id, intervalMs, maxWaitMs, signal: inner });
    const hasSlot = await withinTime(maxWaitMs + slotGuardMs, signal, wait);
    return hasSlot ? undefined : left(candidate, 'quota', clock.now() + maxWaitMs);
  } catch {
    signal.throwIfAborted();
    // Whatever keeps us from the count: without it the call must not be made.
    return left(candidate, 'slots_unavailable');
  }
}

function judgeOutcome(outcome: BreakerOutcome, wasCutShort: boolean): BreakerVerdict {
  if ('ok' in outcome) return 'success';
  const code = codeOf(outcome.error);
  return neutral.has(code) || (wasCutShort && cutCodes.has(code)) ? 'neutral' : 'failure';
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof TimeUp) return 'timeout';
  if (error instanceof BulkheadFull) return 'overloaded';
  // A provider throws nothing else; if it does, its answer was not what its code expected.
  return ProviderFailure.is(error) ? error.failure : 'malformed';
}

function fieldErrorsOf(error: unknown): readonly FieldError[] | undefined {
  return ProviderFailure.is(error) ? error.fieldErrors : undefined;
}

function isUnsent(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.code === 'overloaded';
}

function left(candidate: Candidate, reason: LeftOutReason, availableAt?: number): Outcome {
  return { kind: 'left', leftOut: { provider: candidate.id, reason, availableAt } };
}
