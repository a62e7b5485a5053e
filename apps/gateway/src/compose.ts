import { checkSchema } from '@universal-api/database';
import { eventsMigrations, openEventPublisher } from '@universal-api/events';
import { createMemoryRateLimiter, createRatePolicies, hrtimeUs, type RateOverrides } from '@universal-api/limits';
import { loadExamples, toOpenApi } from '@universal-api/openapi';
import { createPrincipalMinter, type KeyRing } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { createOwnedParts, createReadiness, type Host, type OwnedParts, type RunningApp } from '@universal-api/service';
import type { EdgeSettings } from './edge-settings.ts';
import { freePort } from './free-port.ts';
import { createClientAddresses } from './http/client-address.ts';
import { createApp } from './http/create-app.ts';
import { createHttpServer } from './http/create-server.ts';
import type { OnFinishedRequest } from './http/middleware/record-request.ts';
import { createSite } from './site/create-site.ts';
import { observeRequests } from './state/observe-requests.ts';
import { publishRequests } from './state/publish-requests.ts';
import { watchServices, type ServiceStates } from './state/watch-services.ts';
import { watchStrain, type Strain } from './state/watch-strain.ts';
import { openChannels } from './upstream/service-clients.ts';
import { verifyKeyRemotely } from './upstream/verify-key-remotely.ts';

export { edgeVariables } from './config.ts';
export { toEdgeSettings } from './edge-settings.ts';
export { rateVariables, readRateOverrides } from './read-rate-overrides.ts';

/** What the gateway is made of. */
export interface GatewaySettings extends EdgeSettings {
  readonly bindAddress: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** gRPC addresses by app: `search`, `auth`. */
  readonly targets: Readonly<Record<string, string>>;
  /** `INTERNAL_AUTH_KEY`, current version first. */
  readonly internalKeys: KeyRing;
  readonly rateOverrides: RateOverrides;
  /** PostgreSQL for `request.completed`, with the schema of events and the rights of `gateway_ingest`; absent: telemetry is off. */
  readonly telemetryUrl?: string;
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
  if (settings.telemetryUrl) await checkSchema(settings.telemetryUrl, [eventsMigrations]);
  const owned = createOwnedParts(log);
  const addresses = createClientAddresses(settings.trustedProxies);
  const services = owned.own('service states', watchServices(settings.targets));
  const readiness = createReadiness();
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

  const site = siteOf({ settings, host, services, url, isReady });
  const app = createApp(
    { ...edgeParts(settings, host, { owned, strain }), addresses, site: [site], draining: draining.signal },
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

/** The parts of a request's path that need something opened or handed in. */
function edgeParts(
  settings: GatewaySettings,
  host: Host,
  opened: { readonly owned: OwnedParts; readonly strain: Strain },
) {
  const { owned, strain } = opened;
  const { log, newId, now } = host;
  const contract = productContract();
  const channels = openChannels(contract, settings.targets);
  for (const [app, channel] of channels) owned.own(`channel to ${app}`, channel);
  const principals = createPrincipalMinter({ keys: settings.internalKeys, issuer: 'gateway', clock: now });
  const auth = channels.get('auth');
  if (!auth) throw new Error('the gateway needs the address of the service auth');
  return {
    contract,
    channels,
    principals,
    verifyKey: verifyKeyRemotely({ channel: auth, principals, newId, clock: now }),
    rates: {
      limiter: createMemoryRateLimiter({ nowUs: hrtimeUs }),
      policies: createRatePolicies(settings.rateOverrides),
      random: Math.random,
    },
    log,
    onFinished: tellOfRequests(settings, host, owned, strain),
    newId,
    clock: now,
    isStrained: strain.isStrained,
  };
}

/** Metrics of each request, and its event if there is a place for events. */
function tellOfRequests(
  { telemetryUrl }: GatewaySettings,
  { log, metrics, newId }: Host,
  owned: ReturnType<typeof createOwnedParts>,
  strain: Strain,
): OnFinishedRequest {
  const observe = observeRequests(metrics, strain);
  if (!telemetryUrl) {
    log.info('telemetry is off', { variable: 'DATABASE_URL' });
    return observe;
  }
  const publisher = openEventPublisher({
    source: 'telemetry',
    databaseUrl: telemetryUrl,
    role: 'gateway_ingest',
    service: 'gateway',
    metrics,
    log: log.part('gateway'),
    createId: newId,
  });
  const publish = publishRequests(owned.own('telemetry', publisher));
  return (request) => {
    observe(request);
    publish(request);
  };
}

interface SiteParts {
  readonly settings: GatewaySettings;
  readonly host: Host;
  readonly services: ServiceStates;
  readonly url: string;
  readonly isReady: () => boolean;
}

function siteOf({ settings, host, services, url, isReady }: SiteParts) {
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
    homeFacts: { baseUrl: url, isAnonymousOpen: settings.anonymousAccess ?? false },
  });
}
