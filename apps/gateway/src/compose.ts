import { checkSchema } from '@universal-api/database';
import { eventsMigrations, openEventPublisher, type EventPublisher } from '@universal-api/events';
import type { GrpcChannel } from '@universal-api/grpc';
import { createRatePolicies, type RateOverrides } from '@universal-api/limits';
import { loadExamples, toOpenApi } from '@universal-api/openapi';
import {
  createPrincipalMinter,
  createPrincipalVerifier,
  type KeyRing,
  type PrincipalMinter,
} from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import {
  createOwnedParts,
  createReadiness,
  diskDependency,
  openCallers,
  openKafka,
  openRateLimiter,
  openTelemetrySink,
  type BrokerSettings,
  type Callers,
  type Host,
  type OpenedRateLimiter,
  type OwnedParts,
  type RunningApp,
  type TokenTimes,
} from '@universal-api/service';
import type { EdgeSettings } from './edge-settings.ts';
import { freePort } from './free-port.ts';
import { createDeepHealth } from './health/ask-deep-health.ts';
import { createHealthChannel } from './health/health-channel.ts';
import { probeApp } from './health/probe-apps.ts';
import { createClientAddresses } from './http/client-address.ts';
import { createApp } from './http/create-app.ts';
import { createHttpServer } from './http/create-server.ts';
import type { OnFinishedRequest } from './http/middleware/record-request.ts';
import { createSite } from './site/create-site.ts';
import { observeRequests } from './state/observe-requests.ts';
import { publishRequests } from './state/publish-requests.ts';
import { watchServices, type ServiceStates } from './state/watch-services.ts';
import { watchStrain, type Strain } from './state/watch-strain.ts';
import { openChannels, type Channels } from './upstream/service-clients.ts';

export { edgeVariables } from './config.ts';
export { toEdgeSettings } from './edge-settings.ts';
export { holdPort, type HeldPort } from './free-port.ts';
export { rateVariables, readRateOverrides } from './read-rate-overrides.ts';

/** What the gateway is made of. */
export interface GatewaySettings extends EdgeSettings, BrokerSettings {
  readonly bindAddress: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** gRPC addresses by app: `search`, `auth`. */
  readonly targets: Readonly<Record<string, string>>;
  /** `INTERNAL_AUTH_KEY`, current version first. */
  readonly internalKeys: KeyRing;
  readonly rateOverrides: RateOverrides;
  /** PostgreSQL for `request.completed` where there is no Kafka, with the schema of events and the rights of `gateway_ingest`. */
  readonly telemetryUrl?: string;
  /** Folder whose disk deep health looks at. */
  readonly diskFolder?: string;
  /** Gateways alive, this one included; absent: as the service `auth` counts them. */
  readonly liveGateways?: () => number;
  /** Whether there is a page of mails that wait to be sent: only where the whole product is one process. */
  readonly hasOutbox?: boolean;
  /** Times of access tokens, for tests that scale them. */
  readonly tokenTimes?: TokenTimes;
}

/** The gateway as it runs. */
export interface RunningGateway extends RunningApp {
  /** What callers put before a path. */
  readonly url: string;
  /** Resolves once every service behind it serves; rejects after `withinMs`, naming those that do not. */
  untilServing(withinMs: number): Promise<void>;
}

/** Joins the parts of the gateway and listens. Its readiness is its own; how its services are stands in `/api/health`. */
export async function composeGateway(settings: GatewaySettings, host: Host): Promise<RunningGateway> {
  const { log, newId } = host;
  if (settings.telemetryUrl && !settings.kafka) await checkSchema(settings.telemetryUrl, [eventsMigrations]);
  const owned = createOwnedParts(log);
  const readiness = createReadiness();
  const channels = openChannels(productContract(), settings.targets);
  for (const [app, channel] of channels) owned.own(`channel to ${app}`, channel);
  const callers = openCallersOf(settings, host, { owned, channels });
  const liveGateways = settings.liveGateways ?? callers.watch.liveGateways;
  const limits = await openRateLimiter(settings.redis, { app: 'gateway', host, owned, readiness, liveGateways });
  const publisher = await openTelemetry(settings, host, owned);
  const addresses = createClientAddresses(settings.trustedProxies);
  const services = owned.own('service states', watchServices(settings.targets));
  const draining = new AbortController();
  const port = settings.port || (await freePort(settings.bindAddress));
  const url = settings.publicBaseUrl ?? `http://127.0.0.1:${port}`;
  const isHttps = url.startsWith('https:');
  const strain = owned.own('strain', watchStrain());
  let isTaking = false;
  const isReady = () => isTaking && !strain.isStrained();
  readiness.add({
    name: 'capacity',
    check: () => (strain.isStrained() ? Promise.reject(new Error('strained')) : Promise.resolve()),
  });

  const site = siteOf({ settings, host, services, url, isReady, callers });
  const app = createApp(
    {
      ...edgeParts(settings, host, { channels, callers, strain, limits, publisher }),
      addresses,
      site: [site],
      draining: draining.signal,
    },
    { ...settings, isHttps },
  );
  const server = createHttpServer({ handler: app.handler, addresses, newId, isHttps, draining });
  await server.listen(settings.bindAddress, port);
  isTaking = true;
  readiness.setState('running');
  return {
    name: 'gateway',
    url,
    readiness,
    ports: { http: port },
    operations: [],
    untilServing: services.untilServing,
    beginDrain() {
      isTaking = false;
      readiness.setState('draining');
    },
    async stop(drainMs) {
      isTaking = false;
      readiness.setState('draining');
      await server.stop(drainMs);
      await owned.closeAll();
    },
  };
}

/** Who calls, as the service `auth` knows them. */
function openCallersOf(
  { internalKeys, keyCacheMs, keyCacheSize, tokenTimes }: GatewaySettings,
  host: Host,
  { owned, channels }: { readonly owned: OwnedParts; readonly channels: Channels },
): Callers {
  const auth = channels.get('auth');
  if (!auth) throw new Error('the gateway needs the address of the service auth');
  return openCallers({ app: 'gateway', auth, internalKeys, host, owned, keyCacheMs, keyCacheSize, tokenTimes });
}

/** Where the event of each request goes: to Kafka, to PostgreSQL, or nowhere, which the log says once. */
async function openTelemetry(
  { kafka: access, telemetryUrl: databaseUrl }: GatewaySettings,
  host: Host,
  owned: OwnedParts,
): Promise<EventPublisher | undefined> {
  const { log, metrics, newId } = host;
  const parts = {
    source: 'telemetry',
    service: 'gateway',
    metrics,
    log: log.part('gateway'),
    createId: newId,
  } as const;
  const own = (publisher: EventPublisher) => owned.own('telemetry', publisher);
  if (access) {
    const sink = await openTelemetrySink(await openKafka(access, 'gateway', host));
    return own(openEventPublisher({ ...parts, sink }));
  }
  if (databaseUrl) return own(openEventPublisher({ ...parts, databaseUrl, role: 'gateway_ingest' }));
  log.info('telemetry is off', { variable: 'DATABASE_URL' });
  return undefined;
}

interface Opened {
  readonly channels: Channels;
  readonly callers: Callers;
  readonly strain: Strain;
  readonly limits: OpenedRateLimiter;
  readonly publisher: EventPublisher | undefined;
}

/** The parts of a request's path that need something opened or handed in. */
function edgeParts(settings: GatewaySettings, host: Host, opened: Opened) {
  const { channels, callers, strain, limits, publisher } = opened;
  const { log, metrics, newId, now } = host;
  const principals = createPrincipalMinter({ keys: settings.internalKeys, issuer: 'gateway', clock: now });
  const health = healthChannel(settings, { host, channels, principals, limits });
  return {
    contract: productContract(),
    channels: new Map([...channels, ['health', health]]),
    principals,
    keys: callers.keys,
    tokens: callers.tokens,
    rates: {
      limiter: limits.limiter,
      policies: createRatePolicies(settings.rateOverrides),
      random: Math.random,
      isExplained: publisher !== undefined,
    },
    log,
    onFinished: tellOfRequests(observeRequests(metrics, strain), publisher),
    newId,
    clock: now,
    isStrained: strain.isStrained,
  };
}

/** Metrics of each request, and its event if there is a place for events. */
function tellOfRequests(observe: OnFinishedRequest, publisher: EventPublisher | undefined): OnFinishedRequest {
  if (!publisher) return observe;
  const publish = publishRequests(publisher);
  return (request) => {
    observe(request);
    publish(request);
  };
}

interface HealthParts {
  readonly host: Host;
  readonly channels: Channels;
  readonly principals: PrincipalMinter;
  readonly limits: OpenedRateLimiter;
}

/** The gateway as the service of deep health. */
function healthChannel(
  { internalKeys, diskFolder }: GatewaySettings,
  { host, channels, principals, limits }: HealthParts,
): GrpcChannel {
  const { newId, now } = host;
  const apps = [...channels].map(([app, channel]) => {
    return [app, probeApp({ app, channel, principals, newId, clock: now })] as const;
  });
  const own = [...limits.standsOn, ...(diskFolder === undefined ? [] : [diskDependency(diskFolder)])];
  const ask = createDeepHealth({ own, apps: new Map(apps), now });
  return createHealthChannel(ask, createPrincipalVerifier({ keys: internalKeys, audience: 'health', clock: now }));
}

interface SiteParts {
  readonly settings: GatewaySettings;
  readonly host: Host;
  readonly services: ServiceStates;
  readonly url: string;
  readonly isReady: () => boolean;
  readonly callers: Callers;
}

function siteOf({ settings, host, services, url, isReady, callers }: SiteParts) {
  const contract = productContract();
  const { version } = host;
  return createSite({
    contract,
    openapi: toOpenApi(contract, { title: 'Universal API', version, serverUrl: '/api/v1', examples: loadExamples() }),
    version,
    build: host.build,
    startedAt: new Date(host.now()),
    now: () => new Date(host.now()),
    parts: () => ({ gateway: { status: isReady() ? 'healthy' : 'unhealthy' }, ...services.parts() }),
    isReady,
    wellKnown: { baseUrl: url, fetchJwks: callers.fetchJwks, now: host.now },
    hasOutbox: settings.hasOutbox ?? false,
    homeFacts: { baseUrl: url, isAnonymousOpen: settings.anonymousAccess ?? false },
  });
}
