import { bootstrapAuth, composeAuth, toAccountConfig, toTokenSettings } from '@universal-api/auth/compose';
import { composeGateway, holdPort, toEdgeSettings } from '@universal-api/gateway/compose';
import { parseKeyRing } from '@universal-api/principal';
import { composeSearch } from '@universal-api/search/compose';
import {
  createOwnedParts,
  serveOperations,
  toBrokers,
  type Host,
  type OwnedParts,
  type Readiness,
  type Running,
  type RunningApp,
} from '@universal-api/service';
import { takeAppLock } from './app-lock.ts';
import { checkPorts } from './check-ports.ts';
import { loadSecrets } from './load-secrets.ts';
import { keyText, welcomeText } from './print-welcome.ts';
import type { ProductConfig } from './read-config.ts';
import { startDatabase } from './start-database.ts';

export { openProcess, type OwnProcess } from './open-process.ts';
export { knownVariables, readConfig, type ProductConfig } from './read-config.ts';

/** The product as it runs. */
export interface RunningProduct extends Running {
  readonly url: string;
  /** Addresses by what is served there. */
  readonly ports: Readonly<Record<'http' | 'operations' | 'auth' | 'search', number>>;
}

/** Longest wait for the parts to see each other, ms. */
const untilServingMs = 10_000;

/**
 * Starts everything in order: lock, ports, secrets, PostgreSQL, schemas, auth, first key, search, gateway. `say` gets the
 * lines that a person should read. A start that fails, or whose `signal` is aborted, ends what it had started and throws.
 */
export async function startProduct(
  config: ProductConfig,
  host: Host,
  say: (line: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<RunningProduct> {
  const startedAt = performance.now();
  const owned = createOwnedParts(host.log);
  try {
    const product = await startParts(config, { host, owned, say, signal });
    const seconds = (performance.now() - startedAt) / 1000;
    const operationsUrl = `http://${config.host.BIND_ADDRESS}:${product.ports.operations}`;
    say(welcomeText({ url: product.url, operationsUrl, seconds }));
    return product;
  } catch (error) {
    await owned.closeAll();
    throw error;
  }
}

interface Start {
  readonly host: Host;
  readonly owned: OwnedParts;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

async function startParts(
  { host: config, rateOverrides, environment }: ProductConfig,
  { host, owned, say, signal }: Start,
): Promise<RunningProduct> {
  takeAppLock(config.DATA_DIR, `http://${config.BIND_ADDRESS}:${config.PORT}`);
  await checkPorts(portsOf(config));
  const secrets = loadSecrets(config.DATA_DIR, config);
  const peppers = parseKeyRing('AUTH_KEY_PEPPER', secrets.AUTH_KEY_PEPPER);
  const internalKeys = parseKeyRing('INTERNAL_AUTH_KEY', secrets.INTERNAL_AUTH_KEY);
  const dataKeys = parseKeyRing('DATA_ENCRYPTION_KEY', secrets.DATA_ENCRYPTION_KEY);

  const database = owned.own(
    'database',
    await startDatabase({
      databaseUrl: config.DATABASE_URL,
      folder: config.DATA_DIR,
      password: secrets.DATABASE_PASSWORD,
      log: host.log,
      say,
    }),
  );
  signal.throwIfAborted();
  const brokers = toBrokers(config);
  // Whoever makes tokens has to know where callers come in before anybody listens there.
  const free = config.PORT === 0 ? owned.own('free port', await holdPort(config.BIND_ADDRESS)) : undefined;
  const port = free?.port ?? config.PORT;
  const shared = { ...brokers, databaseUrl: database.url, poolSize: config.DATABASE_POOL, internalKeys };
  say('Starting the services …');
  const auth = await composeAuth(
    {
      ...shared,
      grpcAddress: config.UAPI_AUTH_ADDR,
      // Itself, as every app: where its port is known before it listens.
      ...(!config.UAPI_AUTH_ADDR.endsWith(':0') && { authAddress: config.UAPI_AUTH_ADDR }),
      peppers,
      dataKeys,
      publicBaseUrl: config.PUBLIC_BASE_URL ?? `http://127.0.0.1:${port}`,
      tokens: toTokenSettings(config),
      accounts: toAccountConfig(config),
      showsOutbox: true,
      rateOverrides,
    },
    host,
  );
  ownApp(owned, auth, config.DRAIN_S);
  const search = await composeSearch(
    {
      ...shared,
      // One app of a process keeps the log of events for all.
      keepsLog: true,
      authAddress: `127.0.0.1:${auth.ports['grpc']}`,
      grpcAddress: config.UAPI_SEARCH_ADDR,
      eventsUrl: database.url,
      egress: config.UAPI_EGRESS,
      proxy: config.EGRESS_PROXY,
      environment,
    },
    host,
  );
  ownApp(owned, search, config.DRAIN_S);
  signal.throwIfAborted();
  await free?.close();
  const gateway = await composeGateway(
    {
      ...toEdgeSettings(config, isLoopback(config.BIND_ADDRESS)),
      bindAddress: config.BIND_ADDRESS,
      port,
      targets: { auth: `127.0.0.1:${auth.ports['grpc']}`, search: `127.0.0.1:${search.ports['grpc']}` },
      internalKeys,
      rateOverrides,
      telemetryUrl: database.url,
      ...brokers,
      diskFolder: config.DATA_DIR,
      hasOutbox: true,
    },
    host,
  );
  ownApp(owned, gateway, config.DRAIN_S);
  signal.throwIfAborted();
  await gateway.untilServing(untilServingMs);
  const apps = [auth, search, gateway];
  const operations = owned.own(
    'operations port',
    await serveOperations({
      host: config.BIND_ADDRESS,
      port: config.OPS_PORT,
      metrics: host.metrics,
      log: host.log,
      apps: () => new Map<string, Readiness>(apps.map((app) => [app.name, app.readiness])),
      routes: () => apps.flatMap((app) => app.operations),
    }),
  );
  signal.throwIfAborted();
  await bootstrapAuth({ databaseUrl: database.url, peppers }, host, ({ key }) =>
    say(keyText(key.reveal(), gateway.url)),
  );
  database.keepAlive(auth.readiness);

  return {
    url: gateway.url,
    ports: {
      http: gateway.ports['http'] ?? 0,
      operations: operations.port,
      auth: auth.ports['grpc'] ?? 0,
      search: search.ports['grpc'] ?? 0,
    },
    beginDrain() {
      database.endKeeping();
      for (const app of apps) app.beginDrain();
    },
    stop() {
      database.endKeeping();
      return owned.closeAll();
    },
  };
}

function ownApp(owned: OwnedParts, app: RunningApp, drainS: number): void {
  owned.own(app.name, { close: () => app.stop(drainS * 1000) });
}

function portsOf(config: ProductConfig['host']) {
  const ofAddress = (address: string, variable: string) => {
    const at = address.lastIndexOf(':');
    return { host: address.slice(0, at), port: Number(address.slice(at + 1)), variable };
  };
  return [
    { host: config.BIND_ADDRESS, port: config.PORT, variable: 'PORT' },
    { host: config.BIND_ADDRESS, port: config.OPS_PORT, variable: 'OPS_PORT' },
    ofAddress(config.UAPI_SEARCH_ADDR, 'UAPI_SEARCH_ADDR'),
    ofAddress(config.UAPI_AUTH_ADDR, 'UAPI_AUTH_ADDR'),
  ];
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}
