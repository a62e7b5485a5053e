import { primaryLanguage, type Candidate } from './candidate.ts';
import { orderCandidates } from './order-candidates.ts';
import type { LeftOut, LeftOutReason } from './reasons.ts';
import type { Coverage, Wishes } from '../route-question.ts';

/** What decides who may answer, beside configuration. */
export interface CandidateQuery {
  readonly wishes?: Wishes;
  readonly coverage?: Coverage;
  readonly keylessOnly?: boolean;
}

/** Who may answer, in the order of attempt, and why each other may not, in the order of the chain. */
export interface CandidateList {
  readonly permitted: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
  /** Ids of the permitted, in order: the part of the cache key that routing decides. */
  readonly ids: string;
  /** Names that have to be looked up to reach the permitted. */
  readonly hostNames: readonly string[];
}

/** Lists the candidates of one chain for one call. What changes by the second (breakers, quotas) is not looked at here. */
export function listCandidates(chain: readonly Candidate[], query: CandidateQuery): CandidateList {
  const permitted: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  for (const candidate of chain) {
    const reason = whyNot(candidate, query);
    if (reason === undefined) permitted.push(candidate);
    else leftOut.push(typeof reason === 'string' ? { provider: candidate.id, reason } : reason);
  }
  const ordered = orderCandidates(permitted, query.wishes?.order ?? []);
  return {
    permitted: ordered,
    leftOut,
    ids: ordered.map(({ id }) => id).join(','),
    hostNames: [...new Set(ordered.flatMap(({ hostNames }) => hostNames))],
  };
}

function whyNot(
  candidate: Candidate,
  { wishes, coverage, keylessOnly }: CandidateQuery,
): LeftOut | LeftOutReason | undefined {
  // A wish comes first: what the caller did not want need not be enabled.
  if (wishes?.ignore.includes(candidate.id)) return 'ignored';
  if (wishes && wishes.only.length > 0 && !wishes.only.includes(candidate.id)) return 'not_in_only';
  if (candidate.leftOut) return candidate.leftOut;
  if (keylessOnly && candidate.usesKey) return 'keyless_only';
  const { countries, languages } = candidate;
  if (countries && !(coverage?.countryCode && countries.has(coverage.countryCode))) return 'out_of_coverage';
  if (languages && coverage?.language && !languages.has(primaryLanguage(coverage.language))) return 'out_of_coverage';
  return undefined;
}

/** Most lists that are kept of a chain; countries and languages are few, but callers name them. */
const mostLists = 1_000;

/** Lists candidates of a chain; for calls without wishes, each list is made once. */
export function createCandidateLister(chain: readonly Candidate[]): (query: CandidateQuery) => CandidateList {
  const byCountry = chain.some(({ countries }) => countries);
  const byLanguage = chain.some(({ languages }) => languages);
  const lists = new Map<string, CandidateList>();
  return (query) => {
    if (query.wishes && hasWishes(query.wishes)) return listCandidates(chain, query);
    const { countryCode = '', language = '' } = query.coverage ?? {};
    const key = `${query.keylessOnly ? 1 : 0}|${byCountry ? countryCode : ''}|${byLanguage ? language : ''}`;
    let list = lists.get(key);
    if (!list) {
      if (lists.size >= mostLists) lists.clear();
      list = listCandidates(chain, query);
      lists.set(key, list);
    }
    return list;
  };
}

function hasWishes({ only, order, ignore }: Wishes): boolean {
  return only.length > 0 || order.length > 0 || ignore.length > 0;
}
