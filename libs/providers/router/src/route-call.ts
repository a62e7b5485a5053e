import type { Cache, CachedAnswer } from '@universal-api/cache';
import { AppError } from '@universal-api/errors';
import type { Logger } from '@universal-api/logging';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { Clock } from '@universal-api/resilience';
import { refuseCall } from './attempt/refuse-call.ts';
import { runChain, type ChainCall } from './attempt/run-chain.ts';
import { buildMeta, type KeptAnswer } from './build-meta.ts';
import { createChains, type Candidate } from './candidates/candidate.ts';
import { checkWishes } from './candidates/check-wishes.ts';
import { listAvailability, type Availability } from './candidates/list-availability.ts';
import { createCandidateLister, type CandidateList, type CandidateQuery } from './candidates/list-candidates.ts';
import type { NetworkView } from './candidates/why-not-now.ts';
import type { ConfiguredProvider } from './configure-providers.ts';
import { QuotaGone, type CallQuota } from './quota/call-quota.ts';
import type { CallSlots } from './quota/call-slots.ts';
import type { AttemptFacts, AttemptRecord, RouteQuestion, Routed, Wishes } from './route-question.ts';
import { createShareCall, type RunOperation } from './share-call.ts';

/** What a router is made of. */
export interface RouterParts {
  /** In the order of attempt, for each operation. */
  readonly providers: readonly ConfiguredProvider[];
  readonly cache: Cache<KeptAnswer>;
  /** ms since the epoch. */
  readonly clock: Clock;
  readonly network: NetworkView;
  readonly callSlots: CallSlots;
  /** Counts the calls of tenants that remote providers answer; absent: nobody does. */
  readonly callQuota?: CallQuota | undefined;
  /** Told of each attempt and of each candidate that was passed over. */
  readonly onAttempt?: (operation: string, attempt: AttemptRecord, facts: AttemptFacts) => void;
  readonly log: Pick<Logger, 'debug' | 'warn' | 'error'>;
}

/** Chooses who answers a question, and answers. */
export interface Router {
  /**
   * From the cache, or by asking one candidate after the other; callers of one question at one time share one call.
   *
   * Errors: `invalid_request` for unknown provider ids in the wishes, or the fields that a provider refused; `not_found`
   * for nothing found by the best who could be reached (unless the question says what stands for it); `no_provider_available`, `provider_unavailable`,
   * `provider_timeout`, `content_blocked` with every candidate's reason; `budget_exceeded` if the tenant's quota is used up and
   * neither the cache nor a local provider has an answer;
   * `cancelled` for a caller who left.
   */
  route<Q, A>(question: RouteQuestion<Q, A>): Promise<Routed<A>>;
  /** Who may answer an operation now, in the order of attempt, and why each other may not; empty for one that nobody has. */
  available(operation: string, query?: CandidateQuery): readonly Availability[];
  /** Refuses wishes before anything is asked, where one request takes several questions. Errors: `invalid_request`. */
  checkWishes(wishes: Wishes): void;
}

/** A router over these providers. Throws if a provider lacks an operation that its manifest declares. */
export function createRouter(parts: RouterParts): Router {
  const { providers, clock, log } = parts;
  const manifests = new Map(providers.map(({ manifest }) => [manifest.id, manifest]));
  const operations = createOperations(parts);
  const share = createShareCall(parts);

  async function find<Q, A>(question: RouteQuestion<Q, A>): Promise<CachedAnswer<KeptAnswer>> {
    if (question.wishes) checkWishes(question.wishes, manifests);
    const operation = operations.get(question.operation);
    if (!operation) throw new AppError('no_provider_available', { next: { action: 'use_other' } });
    const candidates = operation.list(question);
    if (candidates.permitted.length === 0) {
      throw refuseCall({ failed: [], leftOut: candidates.leftOut, now: clock.now() });
    }
    const call = toCall(question, candidates);
    const runAlone = async (alone: ChainCall) => {
      const { value } = await operation.run(alone);
      return { value, isCached: false, freshUntil: 0 };
    };
    try {
      return question.cacheClass === 'none' ? await runAlone(call) : await runShared(question, call, operation.run);
    } catch (error) {
      // Only after the cache was asked, and never shared or kept: others may ask whom this tenant may not.
      if (error instanceof QuotaGone) return runAlone({ ...call, noQuota: error.quota });
      throw error;
    }
  }

  function runShared<Q, A>(question: RouteQuestion<Q, A>, call: ChainCall, run: RunOperation) {
    const { candidates } = call;
    const key = `${question.operation}|${candidates.ids}|${question.language}|${JSON.stringify(question.key)}`;
    return share(key, call, run);
  }

  return {
    async route<Q, A>(question: RouteQuestion<Q, A>): Promise<Routed<A>> {
      const found = await find(question).catch((error: unknown) => {
        throw toAppError(error, question.signal, log);
      });
      const { value } = found;
      const manifest = manifests.get(value.provider);
      if (!manifest) throw new Error(`an answer of ${value.provider}, which is not configured`);
      const meta = buildMeta(value, manifest, found);
      if (!value.isNothing) return { answer: value.answer as A, meta };
      if (question.nothing === undefined) throw new AppError('not_found', { detail: 'Nobody who was asked knows it.' });
      return { answer: question.nothing, meta };
    },
    available: (operation, query = {}) => operations.get(operation)?.available(query) ?? [],
    checkWishes: (wishes) => checkWishes(wishes, manifests),
  };
}

interface Operation {
  readonly list: (query: CandidateQuery) => CandidateList;
  readonly run: RunOperation;
  readonly available: (query: CandidateQuery) => readonly Availability[];
}

/** Operations by id: for each its chain, its lists of candidates, and how it is run. */
function createOperations(parts: RouterParts): ReadonlyMap<string, Operation> {
  const chains = createChains(parts.providers, parts.clock);
  return new Map([...chains].map(([operation, chain]) => [operation, createOperation(operation, chain, parts)]));
}

function createOperation(operation: string, chain: readonly Candidate[], parts: RouterParts): Operation {
  const { clock, callSlots: slots, network } = parts;
  const onAttempt = (attempt: AttemptRecord, facts: AttemptFacts, error: unknown) => {
    parts.onAttempt?.(operation, attempt, facts);
    if (attempt.outcome === 'failed') logFailure(parts.log, operation, attempt, error);
  };
  const chainParts = { clock, slots, network, onAttempt, quota: parts.callQuota };
  const list = createCandidateLister(chain);
  return {
    list,
    run: (call) => runChain(chainParts, call),
    available: (query) => listAvailability(operation, chain, list(query), { network, now: clock.now() }),
  };
}

function toCall<Q, A>(question: RouteQuestion<Q, A>, candidates: CandidateList): ChainCall {
  return {
    question: question.question,
    language: question.language,
    traceparent: question.traceparent,
    origin: question.origin,
    signal: question.signal,
    candidates,
    cacheClass: question.cacheClass,
    deadlineAt: question.deadlineAt,
    isSearch: question.nothing !== undefined,
  };
}

/** What a caller's typo ends in: nobody has to look into it, and no caller may fill the log with it. */
const aboutQuestion: ReadonlySet<string> = new Set(['caller_error', 'not_found', 'empty', 'content_blocked']);

function logFailure(
  log: RouterParts['log'],
  operation: string,
  { provider, code, ms }: AttemptRecord,
  error: unknown,
): void {
  const facts = { operation, provider, code, ms };
  if (aboutQuestion.has(code)) return log.debug('a provider had no answer to the question', facts);
  const fields = error === undefined ? facts : { ...facts, err: error };
  // What is not a failure of the provider's is a fault of ours: providers throw nothing else.
  const isFault = code === 'malformed' && !ProviderFailure.is(error);
  if (isFault) log.error('a provider failed in a way it should not', fields);
  else log.warn('a provider did not answer', fields);
}

function toAppError(error: unknown, signal: AbortSignal, log: RouterParts['log']): AppError {
  if (AppError.is(error)) return error;
  if (signal.aborted) return new AppError('cancelled', { cause: error });
  log.error('a routed call failed by a fault of ours', { err: error });
  return AppError.from(error);
}
