import {
  fillFixture,
  matchFixtures,
  type FilledAnswer,
  type Fixture,
  type FixtureMatch,
  type PlayerRequest,
} from '@universal-api/providers-kit/fixtures';
import {
  createProfileTable,
  type PlayableCases,
  type ProfileTable,
  type ProfileTexts,
} from '../profile/profile-table.ts';
import { createQuotaCounter, type QuotaCounter } from './count-quotas.ts';
import { decideAnswer } from './decide-answer.ts';
import { drawOf } from './draw.ts';

/** What was asked of an operation so far. */
export interface OperationStats {
  readonly requests: number;
  /** How many were answered with each case; `timeout`: not at all. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How many of the `rate-limited` were refused by a quota. */
  readonly overQuota: number;
  readonly stalled: number;
}

/** What happened since the start or the last reset. */
export interface UpstreamStats {
  /** By `<provider>/<operation>`. */
  readonly operations: Readonly<Record<string, OperationStats>>;
  /** Requests that no fixture fits. */
  readonly unmatched: number;
}

/** What is to be sent, and when. */
export interface Reaction {
  readonly delayMs: number;
  /** Absent: the request is not answered. */
  readonly answer?: FilledAnswer;
}

/** All simulated upstreams. */
export interface Upstreams {
  react(provider: string, request: PlayerRequest): Reaction;
  profiles(): ProfileTexts;
  /** Replaces all profiles; counts go on. Errors: `Error`, naming the profile, and nothing is replaced. */
  setProfiles(texts: ProfileTexts): void;
  stats(): UpstreamStats;
  /** Back to the profiles of the start, the first call of everything, and no counts. */
  reset(): void;
}

/** What the upstreams are made of. */
export interface UpstreamParts {
  readonly fixtures: Readonly<Record<string, readonly Fixture[]>>;
  readonly profiles: ProfileTexts;
  readonly seed: number;
  /** ms since the epoch. */
  readonly now: () => number;
}

interface Counts {
  requests: number;
  overQuota: number;
  stalled: number;
  readonly outcomes: Record<string, number>;
}

/** Everything that a reset takes back. */
interface State {
  table: ProfileTable;
  readonly quotas: QuotaCounter;
  readonly counts: Map<string, Counts>;
  unmatched: number;
}

const unmatchedAnswer: FilledAnswer = {
  status: 501,
  headers: { 'content-type': 'text/plain' },
  body: 'no fixture fits this request',
};

/** Upstreams that answer from fixtures as their profiles say. Errors: `Error`, naming a profile that cannot be read. */
export function createUpstreams(parts: UpstreamParts): Upstreams {
  const known = new Map(Object.entries(parts.fixtures));
  const playable = playableCases(known);
  const begin = (): State => ({
    table: createProfileTable(parts.profiles, playable),
    quotas: createQuotaCounter(),
    counts: new Map(),
    unmatched: 0,
  });
  let state = begin();
  return {
    react(provider, request) {
      const matches = matchFixtures(known.get(provider) ?? [], request);
      const success = matches.find(({ fixture }) => fixture.case === 'success');
      if (success) return reactTo(state, parts, provider, { success, matches });
      state.unmatched += 1;
      return { delayMs: 0, answer: unmatchedAnswer };
    },
    profiles: () => state.table.texts,
    setProfiles(texts) {
      state.table = createProfileTable(texts, playable);
    },
    stats: () => ({
      operations: structuredClone(Object.fromEntries([...state.counts].sort())),
      unmatched: state.unmatched,
    }),
    reset() {
      state = begin();
    },
  };
}

/** The fixtures that answer a request; the operation is that of the successful one. */
interface Matches {
  readonly success: FixtureMatch;
  readonly matches: readonly FixtureMatch[];
}

function reactTo(
  { table, quotas, counts }: State,
  { seed, now }: UpstreamParts,
  provider: string,
  { success, matches }: Matches,
): Reaction {
  const { operation } = success.fixture;
  const name = `${provider}/${operation}`;
  const count = counts.get(name) ?? { requests: 0, overQuota: 0, stalled: 0, outcomes: {} };
  counts.set(name, count);
  count.requests += 1;
  const profile = table.profileOf(provider, operation);
  const {
    outcome: decided,
    delayMs,
    isStalled,
  } = decideAnswer(profile, drawOf(seed, provider, operation, count.requests));
  const time = now();
  const fullUntil = quotas.take(profile.quotas, time);
  const wanted = fullUntil === undefined ? decided : 'rate-limited';
  // A case that this step of the operation has no fixture of cannot be played; the answer is then the usual one.
  const match = matches.find(({ fixture }) => fixture.operation === operation && fixture.case === wanted) ?? success;
  const outcome = wanted === 'timeout' ? wanted : match.fixture.case;
  count.outcomes[outcome] = (count.outcomes[outcome] ?? 0) + 1;
  if (fullUntil !== undefined) count.overQuota += 1;
  if (isStalled) count.stalled += 1;
  if (outcome === 'timeout') return { delayMs };
  const answer = fillFixture(match);
  return { delayMs, answer: fullUntil === undefined ? answer : tellWait(answer, fullUntil - time) };
}

/** Where the provider tells how long to wait, it tells the rest of this window. */
function tellWait(answer: FilledAnswer, waitMs: number): FilledAnswer {
  if (!('retry-after' in answer.headers)) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) } };
}

function playableCases(known: ReadonlyMap<string, readonly Fixture[]>): PlayableCases {
  const cases = new Map<string, Map<string, Set<string>>>();
  for (const [provider, fixtures] of known) {
    const operations = new Map<string, Set<string>>();
    for (const { operation, case: outcome } of fixtures) {
      operations.set(operation, (operations.get(operation) ?? new Set()).add(outcome));
    }
    cases.set(provider, operations);
  }
  return cases;
}
