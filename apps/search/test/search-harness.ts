import { createMemoryCache } from '@universal-api/cache';
import type { EventPublisher } from '@universal-api/events';
import type { CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import type { Principal } from '@universal-api/principal';
import { countriesProviders } from '@universal-api/providers-countries';
import { geocodingProviders } from '@universal-api/providers-geocoding';
import { createCountryAt } from '@universal-api/providers-geocoding/country-at';
import { createProviderNetwork } from '@universal-api/providers-kit';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { knowledgeProviders } from '@universal-api/providers-knowledge';
import {
  configureProviders,
  createRouter,
  type ConfiguredProvider,
  type Router,
} from '@universal-api/providers-router';
import type { RegistryEntry } from '@universal-api/providers-spec';
import { timeProviders } from '@universal-api/providers-time';
import { weatherProviders } from '@universal-api/providers-weather';
import { randomBytes } from 'node:crypto';
import { derivePageKey, searchServices, type SearchServices } from '../src/index.ts';
import { universalParts } from '../src/rpc/universal-parts.ts';
import { createLatencyBook } from '../src/scatter/latency-book.ts';

/** Every provider of the product, in chain order. */
export const allProviders: readonly RegistryEntry[] = [
  ...weatherProviders,
  ...geocodingProviders,
  ...countriesProviders,
  ...timeProviders,
  ...knowledgeProviders,
];

/** The service over real providers, whose hosts are fixture players. */
export interface SearchHarness {
  readonly services: SearchServices;
  readonly router: Router;
  readonly configured: readonly ConfiguredProvider[];
  /** Events that were told of: `search.completed`. */
  readonly completed: readonly unknown[];
  close(): Promise<void>;
}

/** Composes the service without a database: no slots are to be had, unless a provider's host is overridden. */
export function startSearch(
  environment: Readonly<Record<string, string>> = {},
  egress: 'all' | 'none' = 'all',
): SearchHarness {
  const network = createProviderNetwork({ egress });
  const clock = { now: () => Date.now() };
  const configured = configureProviders(allProviders, { environment, http: network.http, version: '0.0.0', egress });
  const latencies = createLatencyBook(clock);
  const router = createRouter({
    providers: configured,
    cache: createMemoryCache({ clock }),
    clock,
    network,
    callSlots: { reserve: () => Promise.resolve(undefined) },
    onAttempt: (operation, { provider, outcome, ms }) => {
      if (outcome === 'ok') latencies.record(provider, operation, ms);
    },
    log: silentLogger,
  });
  const completed: unknown[] = [];
  const publish: EventPublisher['publish'] = (type, event) => completed.push({ type: type.name, ...event }) > 0;
  const universal = universalParts({ configured, latencies, now: clock.now, newId, publish });
  const pageKey = derivePageKey(randomBytes(32), 'search');
  const services = searchServices({ router, clock, pageKey, countryAt: createCountryAt(), universal });
  return { services, router, configured, completed, close: () => network.close() };
}

const fixturesOf = {
  open_meteo: 'weather/src/open-meteo',
  met_norway: 'weather/src/met-norway',
  nominatim: 'geocoding/src/nominatim',
} as const;

/** Plays the fixtures of one provider, each on a server of its own, so that each can fail in its own way. */
export async function playProvider(id: keyof typeof fixturesOf): Promise<FixturePlayer> {
  const folder = new URL(`../../../libs/providers/${fixturesOf[id]}/fixtures/`, import.meta.url);
  return serveFixtures({ [id]: await loadFixtures(folder) });
}

/** Somebody with a key of ours, or what is changed of them. */
export function principal(changes: Partial<Principal> = {}): Principal {
  return {
    iss: 'gateway',
    aud: 'search',
    mth: '',
    iat: 0,
    exp: 0,
    tid: '00000000-0000-0000-0000-000000000001',
    sub: 'test',
    typ: 'key',
    scp: ['data:read', 'search:read'],
    plan: 'free',
    mode: 'live',
    pri: 'normal',
    rid: 'request',
    cid: 'call',
    ...changes,
  };
}

/** The context of one call, without a server around it. */
export function callContext(changes: Partial<Principal> = {}): CallContext & { readonly headers: Map<string, string> } {
  const headers = new Map<string, string>();
  return {
    headers,
    principal: principal(changes),
    requestId: 'request-1',
    callId: newId(),
    deadlineAt: Date.now() + 10_000,
    signal: new AbortController().signal,
    depth: 1,
    setHeader: (name, value) => void headers.set(name, value),
    accept: () => {},
  };
}
