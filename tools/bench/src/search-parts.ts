import { createMemoryCache } from '@universal-api/cache';
import type { CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createRouter, type Router } from '@universal-api/providers-router';
import {
  createLatencyBook,
  createLeftoverLimit,
  createRealClock,
  createUniversalSearch,
  readQuery,
  type FoundItem,
  type FoundResult,
  type ScatterMode,
  type Search,
  type SearchCategory,
  type SearchWish,
  type SlotOperation,
} from '@universal-api/search';
import { benchOperation, simulatedProviders, type Hit } from './search-providers.ts';

/** A merge category of twelve; the product has none yet, so that this one proves the path. */
const category: SearchCategory = {
  id: 'bench',
  name: 'Bench',
  description: 'Twelve simulated providers.',
  keywords: [],
  aliases: [],
  kind: 'merge',
  operation: benchOperation,
  maxMembers: 12,
  takesFreeText: true,
  toQuestion: ({ query }) => ({ operation: benchOperation, args: { text: query.normalised } }),
};

/** Universal search over the simulated providers, through the product's own planner, router, scatter and fusion. */
export function createBenchSearch(random: () => number): Search {
  const clock = createRealClock(Date.now);
  const latencies = createLatencyBook(clock);
  const router = createRouter({
    providers: simulatedProviders(random),
    cache: createMemoryCache({ clock }),
    clock,
    network: { state: () => 'online', lookUp: () => undefined },
    callSlots: { reserve: () => Promise.resolve(0) },
    onAttempt: (operation, { provider, outcome, ms }) => {
      if (outcome === 'ok') latencies.record(provider, operation, ms);
    },
    log: silentLogger,
  });
  return createUniversalSearch({
    router,
    categories: [category],
    operations: new Map([[benchOperation, searchOperation(router)]]),
    gazetteer: { country: () => Promise.resolve(undefined), place: () => Promise.resolve(undefined) },
    latencies,
    clock,
    leftovers: createLeftoverLimit(),
    newId,
    recordSearch: () => {},
  });
}

function searchOperation(router: Router): SlotOperation {
  return {
    async ask({ args, routing, context }) {
      const { answer, meta } = await router.route<unknown, readonly Hit[]>({
        operation: benchOperation,
        question: args,
        key: [args.text],
        cacheClass: 'none',
        language: 'en',
        wishes: routing,
        deadlineAt: context.deadlineAt,
        signal: context.signal,
        nothing: [],
      });
      return {
        results: answer.map(toResult),
        meta: { provider: meta.provider, attempts: [...meta.attempts], cached: meta.cached, cost: '0' },
      };
    },
  };
}

function toResult({ title, url, snippet }: Hit): FoundResult<FoundItem> {
  return { category: 'bench', type: 'page', title, content: snippet, url, domain: URL.parse(url)?.hostname };
}

/** What one search of the bench asks for. */
export function benchWish(text: string, mode: ScatterMode): SearchWish {
  return {
    query: readQuery('query', text),
    named: ['bench'],
    limits: { perCategory: 10, inAll: 20 },
    language: 'en',
    mode,
    isFlat: true,
    routing: undefined,
  };
}

/** The context of a call without a server around it. */
export function benchContext(): CallContext {
  return {
    principal: {
      iss: 'bench',
      aud: 'search',
      mth: '',
      iat: 0,
      exp: 0,
      tid: '00000000-0000-0000-0000-000000000001',
      sub: 'bench',
      typ: 'key',
      scp: ['search:read'],
      plan: 'unlimited',
      mode: 'live',
      pri: 'normal',
      rid: 'bench',
      cid: 'bench',
    },
    requestId: 'bench',
    callId: newId(),
    deadlineAt: Date.now() + 10_000,
    signal: new AbortController().signal,
    depth: 1,
    setHeader: () => {},
    accept: () => {},
  };
}
