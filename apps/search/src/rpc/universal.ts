import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { timestampFromMs, type MessageInitShape } from '@universal-api/protos';
import type { SearchCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/search_pb';
import type { UniversalResponseSchema } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import type { Router } from '@universal-api/providers-router';
import { planSearch, type SearchPlan } from '../plan/plan-search.ts';
import type { Reading } from '../plan/reading.ts';
import { recognise, type Gazetteer } from '../plan/recognise.ts';
import type { SearchCategory } from '../plan/search-category.ts';
import { askSlots, availableFor, permitted, type AskParts } from './ask-slots.ts';
import type { SearchWish } from './read-wish.ts';
import { refuseSearch } from './outcome/refuse-search.ts';
import { categoryStatus, measureCompleteness, type Completeness, type SearchEnd } from './outcome/slot-end.ts';
import type { MetaInit } from './operations/slot-operation.ts';
import { tellProviders } from './outcome/tell-providers.ts';
import { fuseSearch, licencesOf, toResultMessage, type FusedSearch } from './outcome/write-results.ts';

/** A search that was answered, as `search.completed` tells it. */
export interface CompletedSearch {
  readonly data: MessageInitShape<typeof SearchCompletedSchema>;
  /** The call behind it. */
  readonly context: CallContext;
}

/** What universal search is made of. */
export interface UniversalParts extends AskParts {
  readonly router: Pick<Router, 'available' | 'checkWishes'>;
  readonly categories: readonly SearchCategory[];
  readonly gazetteer: Gazetteer;
  /** UUIDv7. */
  readonly newId: () => string;
  /** Told once of each search that was answered; never throws or waits. */
  readonly recordSearch: (search: CompletedSearch) => void;
}

/** One search: what was wanted in, the answer out. */
export type Search = (
  wish: SearchWish,
  context: CallContext,
) => Promise<MessageInitShape<typeof UniversalResponseSchema>>;

/** What decides that a category is shown as a typed answer: likelier than not. */
const typedP = 0.5;

/**
 * Universal search (search.md 2, 5–9): recognise, plan, ask in parallel until the soft deadline, fuse, answer.
 *
 * Errors: `invalid_request` for unknown provider ids in the wishes; 503 and 504 of `refuseSearch` when nobody answered;
 * `cancelled` for a caller who left. One category that fails is told of in the answer.
 */
export function createUniversalSearch(parts: UniversalParts): Search {
  const { router, categories, gazetteer, clock, newId, recordSearch } = parts;
  return async (wish, context) => {
    const startedAt = clock.now();
    if (wish.routing) router.checkWishes(wish.routing);
    const begun = performance.now();
    const reading = await recognise(wish.query, gazetteer);
    const tookUs = Math.round((performance.now() - begun) * 1_000);
    const listOf = availableFor(parts, wish, context);
    const plan = planSearch({
      ...wish,
      reading,
      categories,
      membersOf: (operation, args) => permitted(listOf(operation, args)),
    });
    const end = await askSlots(plan, wish, { parts, context, listOf });
    const search: SearchRun = { wish, reading, plan, end, tookUs, measured: measureCompleteness(end) };
    if (isFailure(end)) throw refuseSearch(end, clock.now());
    const fused = fuseSearch(end, wish.limits, (category) => likelihood(category, plan));
    const searchId = toPublicId('search', newId());
    const answer = writeAnswer(search, { fused, context, searchId, now: clock.now(), tookMs: clock.now() - startedAt });
    recordSearch({ data: toCompleted(search, fused, { searchId, ms: clock.now() - startedAt }), context });
    return answer;
  };
}

interface SearchRun {
  readonly wish: SearchWish;
  readonly reading: Reading | undefined;
  readonly plan: SearchPlan;
  readonly end: SearchEnd & { readonly softMs: number };
  readonly tookUs: number;
  readonly measured: Completeness;
}

interface AnswerFacts {
  readonly fused: FusedSearch;
  readonly context: CallContext;
  readonly searchId: string;
  readonly now: number;
  readonly tookMs: number;
}

function isFailure({ ends, left }: SearchEnd): boolean {
  if (ends.some(({ settled }) => settled?.kind === 'answered')) return false;
  const failed = ends.some(({ settled }) => settled?.kind !== 'void');
  return failed || left.some((end) => end.left.status === 'not_available');
}

/** Of a category that was asked for by name, or searched because nothing was recognised: as likely as any. */
function likelihood(category: string, { likely }: SearchPlan): number {
  return likely.find(({ name }) => name === category)?.p ?? typedP;
}

function writeAnswer(search: SearchRun, facts: AnswerFacts): MessageInitShape<typeof UniversalResponseSchema> {
  const { wish, plan, end, measured, reading } = search;
  const { fused, searchId, tookMs } = facts;
  const providers = tellProviders(end);
  const categories = categoriesOf(plan);
  const licences = licencesOf(end);
  const messages = fused.ranked.map((result) => toResultMessage(result, licences));
  const metas = metasOf(end);
  return {
    searchId,
    query: wish.query.raw,
    queryInfo: { normalised: wish.query.normalised, language: wish.language, languageP: wish.languageP },
    intent: {
      categories: plan.likely.map(({ name, p, evidence }) => ({ name, p, evidence: [...evidence] })),
      entities: reading ? [{ ...reading.thing }] : [],
      abstained: plan.abstained,
      tookUs: search.tookUs,
      model: 'rules-1',
    },
    totalResults: Object.values(fused.totals).reduce((sum, total) => sum + total, 0),
    categoriesSearched: [...new Set(plan.slots.map(({ category }) => category))],
    results: wish.isFlat
      ? {}
      : Object.fromEntries(
          categories.map((category) => [
            category,
            {
              items: messages.filter((message) => message.category === category),
              status: categoryStatus(category, end),
              total: fused.totals[category] ?? 0,
            },
          ]),
        ),
    ranked: wish.isFlat ? messages : [],
    answers: typedAnswers(search),
    suggestedQueries: [],
    performance: {
      totalTimeMs: Math.round(tookMs),
      categoriesCount: new Set(plan.slots.map(({ category }) => category)).size,
      cached: metas.length > 0 && metas.every(({ cached }) => cached),
      upstreamCalls: countCalls(end),
      softDeadlineMs: end.softMs,
    },
    ...measured,
    providers: [...providers],
    attribution: joinTexts(metas.map(({ attribution }) => attribution)),
    meta: joinMetas(metas, search, facts),
  };
}

function categoriesOf({ slots, left }: SearchPlan): readonly string[] {
  return [...new Set([...slots, ...left].map(({ category }) => category))];
}

function metasOf({ ends }: SearchEnd): readonly MetaInit[] {
  return ends.flatMap(({ settled }) =>
    settled?.kind === 'answered' && settled.value.meta ? [settled.value.meta] : [],
  );
}

/** Typed answers of the categories that the query is about, likeliest first; of a search that abstained, a word's meaning. */
function typedAnswers({ plan, end, wish }: SearchRun) {
  const isShown = (category: string, kind: string | undefined) => {
    if (wish.named.includes(category)) return true;
    return plan.abstained ? kind === 'definition' : likelihood(category, plan) >= typedP;
  };
  return end.ends
    .flatMap(({ slot, settled }) => {
      if (settled?.kind !== 'answered' || !settled.value.typed) return [];
      const { typed, meta } = settled.value;
      return isShown(slot.category, typed.kind)
        ? [{ p: likelihood(slot.category, plan), answer: { ...typed, meta } }]
        : [];
    })
    .sort((one, other) => other.p - one.p)
    .map(({ answer }) => answer);
}

/** Attempts that were made, and those still under way. */
function countCalls({ ends }: SearchEnd): number {
  return ends.reduce((sum, { settled }) => {
    if (settled?.kind !== 'answered') return sum + 1;
    return sum + (settled.value.meta?.attempts ?? []).filter(({ outcome }) => outcome !== 'skipped').length;
  }, 0);
}

function joinMetas(metas: readonly MetaInit[], { plan }: SearchRun, { context, now }: AnswerFacts): MetaInit {
  const degraded = metas.flatMap((meta) => meta.degraded ?? []);
  const isEmptyPlan = plan.slots.length === 0;
  const nothingAsked = { code: 'nothing_asked', detail: 'no category takes this query', from: '', to: '' };
  const meant = plan.likely.filter(({ p }) => p >= typedP).map(({ name }) => name);
  const unasked = plan.left
    .filter(({ status, category }) => status === 'not_applicable' && meant.includes(category))
    .map(({ code, category }) => ({ code, detail: category, from: '', to: '' }));
  return {
    requestId: context.requestId,
    provider: metas[0]?.provider ?? '',
    attempts: metas.flatMap(({ attempts }) => attempts ?? []),
    cached: metas.length > 0 && metas.every(({ cached }) => cached),
    asOf: timestampFromMs(now),
    degraded: [...degraded, ...unasked, ...(isEmptyPlan ? [nothingAsked] : [])],
    licence: joinTexts(metas.map(({ licence }) => licence)).join('; '),
    attribution: joinTexts(metas.map(({ attribution }) => attribution)).join('; '),
    cost: String(metas.reduce((sum, { cost }) => sum + BigInt(cost ?? 0), 0n)),
  };
}

function joinTexts(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts)].filter((text) => text !== undefined && text !== '').map(String);
}

function toCompleted(
  { reading, plan, end, measured }: SearchRun,
  fused: FusedSearch,
  { searchId, ms }: { readonly searchId: string; readonly ms: number },
): CompletedSearch['data'] {
  const codes = metasOf(end).flatMap(({ degraded }) => (degraded ?? []).map(({ code }) => code ?? ''));
  return {
    searchId,
    intent: reading?.kind ?? '',
    categories: [...new Set(plan.slots.map(({ category }) => category))],
    counts: { ...fused.totals },
    completeness: measured.completeness,
    degraded: [...new Set(codes)],
    ms: Math.round(ms),
  };
}
