import { describe, expect, test } from '@jest/globals';
import { createMemoryCache } from '@universal-api/cache';
import { silentLogger } from '@universal-api/logging';
import { ProviderFailure } from '@universal-api/providers-kit';
import { createRouter, type ConfiguredProvider } from '@universal-api/providers-router';
import type { ProviderManifest } from '@universal-api/providers-spec';
import { createFakeTime } from '../../test/fake-time.ts';
import { callContext } from '../../test/search-harness.ts';
import type { SearchCategory } from '../plan/search-category.ts';
import { readQuery } from '../query/read-query.ts';
import { createLatencyBook } from '../scatter/latency-book.ts';
import { createLeftoverLimit } from '../scatter/leftover-limit.ts';
import type { SearchWish } from './read-wish.ts';
import type { SlotOperation } from './operations/slot-operation.ts';
import { createUniversalSearch, type CompletedSearch } from './universal.ts';

/** What a simulated provider does: hits it gives after some time, a failure, or silence. */
type Behaviour =
  | { readonly hits: readonly string[]; readonly ms?: number }
  | { readonly fails: ProviderFailure['failure'] }
  | 'stalls';

const operationId = 'simulated.search';
const category: SearchCategory = {
  id: 'simulated',
  name: 'Simulated',
  description: '',
  keywords: [],
  aliases: [],
  kind: 'merge',
  operation: operationId,
  maxMembers: 12,
  takesFreeText: true,
  toQuestion: ({ query }) => ({ operation: operationId, args: { text: query.normalised } }),
};

function provider(id: string, behaviour: Behaviour, time: ReturnType<typeof createFakeTime>): ConfiguredProvider {
  const manifest: ProviderManifest = {
    id,
    name: id,
    documentation: 'https://example.org',
    kind: 'local',
    operations: { [operationId]: {} },
    auth: { kind: 'none' },
    hosts: {},
    quotas: [],
    timeoutMs: 2_000,
    licence: `licence of ${id}`,
    attribution: `by ${id}`,
    commercialUse: 'yes',
    mayBeStored: true,
    honoursExpiry: false,
    unofficial: false,
    enabledByDefault: true,
    lineage: id,
    failureRules: [],
    costNanoUsd: 0n,
  };
  const ask = (): Promise<readonly string[]> => {
    if (behaviour === 'stalls') return new Promise(() => {});
    if ('fails' in behaviour) return Promise.reject(new ProviderFailure({ provider: id, failure: behaviour.fails }));
    return new Promise((resolve) => time.after(behaviour.ms ?? 0, () => resolve(behaviour.hits)));
  };
  const operations = { [operationId]: ask };
  return {
    manifest,
    operations: [operationId],
    provider: { manifest, operations },
    usesKey: false,
    hostNames: () => [],
    quotas: [],
  };
}

function startSearch(behaviours: readonly Behaviour[]) {
  const time = createFakeTime();
  const router = createRouter({
    providers: behaviours.map((behaviour, index) => provider(`p${String(index).padStart(2, '0')}`, behaviour, time)),
    cache: createMemoryCache({ clock: time }),
    clock: time,
    network: { state: () => 'online', lookUp: () => undefined },
    callSlots: { reserve: () => Promise.resolve(0) },
    log: silentLogger,
  });
  const operation: SlotOperation = {
    async ask({ args, routing, context }) {
      const { answer, meta } = await router.route<unknown, readonly string[]>({
        operation: operationId,
        question: args,
        key: [args.text],
        cacheClass: 'none',
        language: 'en',
        wishes: routing,
        deadlineAt: context.deadlineAt,
        signal: context.signal,
        nothing: [],
      });
      const results = answer.map((title) => ({
        category: 'simulated',
        type: 'page',
        title,
        content: '',
        url: `https://${title}.org/`,
      }));
      return { results, meta: { provider: meta.provider, attempts: [...meta.attempts], cost: '0' } };
    },
  };
  const recorded: CompletedSearch[] = [];
  const search = createUniversalSearch({
    router,
    categories: [category],
    operations: new Map([[operationId, operation]]),
    gazetteer: { country: () => Promise.resolve(undefined), place: () => Promise.resolve(undefined) },
    latencies: createLatencyBook(time),
    clock: time,
    leftovers: createLeftoverLimit(),
    newId: () => '0190b5c2-7a10-7000-8000-00000000000a',
    recordSearch: (completed) => recorded.push(completed),
  });
  const ask = (changes: Partial<SearchWish> = {}, context = callContext()) =>
    search(
      {
        query: readQuery('query', 'anything'),
        named: ['simulated'],
        limits: { perCategory: 10, inAll: 20 },
        language: 'en',
        mode: 'balanced',
        isFlat: false,
        routing: undefined,
        ...changes,
      },
      { ...context, deadlineAt: 10_000 },
    );
  return { time, ask, recorded };
}

async function after<T>(time: ReturnType<typeof createFakeTime>, asked: Promise<T>): Promise<T> {
  const ended = asked.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await time.pass(5_000);
  const end = await ended;
  if ('error' in end) throw end.error;
  return end.value;
}

const hits = (...names: string[]): Behaviour => ({ hits: names });
const answering = (count: number, ms = 0): Behaviour[] =>
  Array.from({ length: count }, () => ({ hits: ['a', 'b'], ms }));

describe('a merge category of twelve', () => {
  test('is asked all at once, each pinned, and fused: everyone is credited', async () => {
    const { time, ask } = startSearch(answering(12, 50));
    const answer = await after(time, ask());
    expect(answer).toMatchObject({ completeness: 1, partial: false, totalResults: 2 });
    expect(answer.performance).toMatchObject({ upstreamCalls: 12, totalTimeMs: 50 });
    const [first] = answer.results?.['simulated']?.items ?? [];
    expect(first).toMatchObject({ title: 'a', relevanceScore: expect.closeTo(1, 9) });
    expect(first?.sources).toHaveLength(12);
    expect(first?.duplicates).toHaveLength(11);
    expect(answer.providers).toHaveLength(12);
    expect(answer.providers?.every(({ status, counted }) => status === 'ok' && counted)).toBe(true);
  });

  test('returns at the soft deadline with the quorum, and says who is late', async () => {
    const { time, ask } = startSearch([...answering(10), 'stalls', 'stalls']);
    const answer = await after(time, ask());
    expect(answer.performance).toMatchObject({ totalTimeMs: 800, softDeadlineMs: 800 });
    expect(answer).toMatchObject({ completeness: 0.83, partial: true });
    expect(answer.results?.['simulated']?.status).toBe('partial');
    expect(answer.providers?.filter(({ status }) => status === 'late').map(({ name }) => name)).toEqual(['p10', 'p11']);
  });

  test('waits for the hard deadline without a quorum, and says that the time was over', async () => {
    const { time, ask } = startSearch([hits('a'), 'stalls']);
    const answer = await after(time, ask());
    expect(answer.performance?.totalTimeMs).toBe(1_170);
    expect(answer).toMatchObject({ completeness: 0.5, partial: true });
    expect(answer.providers).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'p01', status: 'timeout' })]),
    );
  });

  test('a provider that fails is told of with its class, and weighs on completeness', async () => {
    const { time, ask } = startSearch([hits('a'), hits(), { fails: 'quota_exhausted' }, { fails: 'malformed' }]);
    const answer = await after(time, ask());
    expect(answer).toMatchObject({ completeness: 0.5, partial: true });
    expect(answer.providers?.map(({ name, status, count }) => [name, status, count ?? 0])).toEqual([
      ['p00', 'ok', 1],
      ['p01', 'empty', 0],
      ['p02', 'rate_limited', 0],
      ['p03', 'error', 0],
    ]);
  });

  test('nothing found by all who answered is complete, and empty', async () => {
    const { time, ask } = startSearch([hits(), hits()]);
    const answer = await after(time, ask());
    expect(answer).toMatchObject({ totalResults: 0, completeness: 1, partial: false, suggestedQueries: [] });
    expect(answer.results?.['simulated']).toEqual({ items: [], status: 'empty', total: 0 });
  });
});

describe('nobody answered', () => {
  test.each<[string, Behaviour[], string]>([
    ['all failed', [{ fails: 'retry_elsewhere' }, { fails: 'malformed' }], 'provider_unavailable'],
    ['all were too slow', ['stalls', 'stalls'], 'provider_timeout'],
    ['one was too slow, one failed', ['stalls', { fails: 'auth' }], 'provider_unavailable'],
    ['all allowances are spent', [{ fails: 'quota_exhausted' }], 'no_provider_available'],
    ['there is nobody', [], 'no_provider_available'],
  ])('%s: an error with every candidate, and nothing is recorded', async (_name, behaviours, code) => {
    const { time, ask, recorded } = startSearch(behaviours);
    const error = await after(time, ask()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as { details: { candidates?: unknown[] } }).details.candidates ?? []).toHaveLength(behaviours.length);
    expect(recorded).toEqual([]);
  });

  test('whatever the mixture, an answer is not partial only if everyone answered', async () => {
    const kinds: Behaviour[] = [hits('a'), hits(), { fails: 'malformed' }, 'stalls'];
    for (const one of kinds) {
      for (const other of kinds) {
        const { time, ask } = startSearch([one, other]);
        const answer = await after(time, ask()).catch(() => undefined);
        const hasFailed = [one, other].some((kind) => kind === 'stalls' || 'fails' in kind);
        if (answer) expect(answer.partial).toBe(hasFailed);
        else expect(hasFailed).toBe(true);
      }
    }
  });
});

test('a caller who leaves ends the search, and nothing is recorded', async () => {
  const { time, ask, recorded } = startSearch(['stalls', hits('a')]);
  const leaving = new AbortController();
  const asked = ask({}, { ...callContext(), signal: leaving.signal });
  await time.pass(10);
  const reason = new Error('left');
  leaving.abort(reason);
  await expect(after(time, asked)).rejects.toBe(reason);
  expect(recorded).toEqual([]);
  expect(time.pending()).toBe(0);
});
