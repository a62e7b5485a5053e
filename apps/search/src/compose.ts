import { createMemoryCache } from '@universal-api/cache';
import type { Environment } from '@universal-api/config';
import { checkSchema, openDatabase } from '@universal-api/database';
import { productContract } from '@universal-api/protos';
import { countriesProviders } from '@universal-api/providers-countries';
import { geocodingProviders } from '@universal-api/providers-geocoding';
import { createCountryAt } from '@universal-api/providers-geocoding/country-at';
import { createProviderNetwork } from '@universal-api/providers-kit';
import { knowledgeProviders } from '@universal-api/providers-knowledge';
import {
  configureProviders,
  createCallSlots,
  createRouter,
  providersMigrations,
  type CallSlotTables,
} from '@universal-api/providers-router';
import type { RegistryEntry } from '@universal-api/providers-spec';
import { timeProviders } from '@universal-api/providers-time';
import { weatherProviders } from '@universal-api/providers-weather';
import {
  openKafka,
  openRedisFor,
  openServiceParts,
  openTelemetrySink,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
import { openSearchEvents } from './events/open-search-events.ts';
import { createAttemptBook } from './health/attempt-book.ts';
import { isSound } from './health/is-sound.ts';
import { openSharedCache } from './health/open-shared-cache.ts';
import { tellCacheLoss } from './health/tell-cache-loss.ts';
import { derivePageKey } from './pages/page-token.ts';
import { universalParts } from './rpc/universal-parts.ts';
import { openCallQuota } from './quota/open-call-quota.ts';
import { createLatencyBook } from './scatter/latency-book.ts';
import { searchServices } from './search-service.ts';
import { searchMigrations } from './store/search-migrations.ts';

export { egressVariables } from './config.ts';
export { providersMigrations, searchMigrations };

/** Every provider of the product, in the order of attempt within each operation. */
export const providerEntries: readonly RegistryEntry[] = [
  ...weatherProviders,
  ...geocodingProviders,
  ...countriesProviders,
  ...timeProviders,
  ...knowledgeProviders,
];

/** What the search service is made of. */
export interface SearchSettings extends ServiceSettings {
  /** `none`: no remote provider is ever asked. */
  readonly egress: 'all' | 'none';
  readonly proxy?: string;
  /** Where the variables of single providers are read from: keys, hosts, switches. */
  readonly environment: Environment;
  /** PostgreSQL for events, with their schema and the rights of `search_ingest`; absent: none are written. */
  readonly eventsUrl?: string;
}

/** Its own schema has one small table; what it works with is in the schema of the providers. */
const ownPoolSize = 1;

/** Joins the parts of the search service and listens, once the names of its providers were looked up. */
export async function composeSearch(settings: SearchSettings, host: Host): Promise<RunningApp> {
  const { log, metrics, now, version } = host;
  await checkSchema(settings.databaseUrl, [providersMigrations]);
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'search', host));
  const identity = { name: 'search', migrations: searchMigrations, kafka, poolSize: ownPoolSize };
  const parts = await openServiceParts(settings, identity, host);
  const { owned, readiness } = parts;
  const { redis } = settings;
  const connection = redis && (await openRedisFor(redis, { name: 'cache', host, owned, readiness }));
  const shared = redis && connection && openSharedCache(connection, redis, { host, owned });
  const sink = kafka && (await openTelemetrySink(kafka));
  const events = await openSearchEvents({ url: settings.eventsUrl, sink }, host, owned);
  const database = owned.own(
    'providers pool',
    openDatabase<CallSlotTables>({
      url: settings.databaseUrl,
      role: 'providers_app',
      poolSize: settings.poolSize,
    }),
  );
  const network = owned.own('network', createProviderNetwork({ egress: settings.egress, proxy: settings.proxy }));
  const configured = configureProviders(providerEntries, {
    environment: settings.environment,
    http: network.http,
    version,
    egress: settings.egress,
  });
  const attempts = metrics.counter('uapi_provider_attempts_total', 'Attempts at providers.', [
    'operation',
    'provider',
    'outcome',
  ]);
  const latencies = createLatencyBook({ now });
  const book = createAttemptBook(now);
  const { authAddress, internalKeys } = settings;
  const callQuota = authAddress === undefined ? undefined : openCallQuota({ authAddress, internalKeys, host, owned });
  const routing = createRouter({
    providers: configured,
    cache: shared?.cache ?? createMemoryCache({ clock: { now } }),
    clock: { now },
    network,
    callSlots: createCallSlots(database),
    callQuota,
    onAttempt(operation, attempt, facts) {
      const { provider, outcome, ms } = attempt;
      attempts.inc({ operation, provider, outcome });
      if (outcome === 'ok') latencies.record(provider, operation, ms);
      if (outcome !== 'skipped') book.record({ provider, isSound: isSound(attempt), ms });
      events.onAttempt(operation, attempt, facts);
    },
    log: log.part('search'),
  });
  const router = shared ? tellCacheLoss(routing, shared.cache.state) : routing;
  readiness.add({ name: 'providers', check: () => database.ping() });
  await network.start(configured.flatMap(({ operations, hostNames }) => operations.flatMap(hostNames)));
  return startGrpcApp(
    {
      ...parts,
      contract: productContract(),
      handlers: searchServices({
        router,
        clock: { now },
        pageKey: derivePageKey(settings.internalKeys[0].key.export(), 'search'),
        countryAt: createCountryAt(),
        universal: universalParts({ configured, latencies, now, newId: host.newId, publish: events.publish }),
      }),
      dependencies: () => [...parts.standsOn, ...(shared ? [shared.dependency] : []), ...book.dependencies()],
    },
    host,
  );
}
