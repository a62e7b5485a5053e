import { initSecrets } from '@universal-api/admin';
import type { Environment } from '@universal-api/config';
import { checkPorts, takeAppLock } from '@universal-api/standalone/host';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { prepareStores, showFirstKey } from './admin-steps.ts';
import { environmentOf, secretsOf } from './apps/app-environment.ts';
import { distributedApps, programOf } from './apps/app-list.ts';
import { placeApps, portsOf, type PlacedApp } from './apps/place-apps.ts';
import { askReady, untilHealthy } from './ask-health.ts';
import type { StarterConfig } from './config.ts';
import { missingServers, namesOf, startServers } from './start-servers.ts';
import { backOffMs } from './supervise/back-off.ts';
import { createFleet, type Fleet } from './supervise/create-fleet.ts';
import type { AppPlan } from './supervise/supervise-app.ts';
import { welcomeText } from './welcome-text.ts';

/** What the start works with. */
export interface Start {
  readonly config: StarterConfig;
  readonly environment: Environment;
  /** Root of the repository. */
  readonly root: string;
  /** Writes to standard output, and resolves once it is out. */
  readonly say: (text: string) => Promise<void>;
  /** Ends the start in order. */
  readonly signal: AbortSignal;
}

/** The product as one process per app. */
export interface RunningProduct {
  /** Ends everything in reverse order of start. */
  stop(): Promise<void>;
}

/** Longest first start of an app, and its longest orderly end, ms: a little over its own hard stop. */
const readyMs = 60_000;
const stopMs = 30_000;
const stableMs = 30_000;

/** kafkajs waits for less than no time when a broker asks it to slow down, and Node tells every process's standard error. */
const nodeWords = ['--disable-warning=TimeoutNegativeWarning'];

/**
 * Starts everything in order: lock, ports, secrets, servers, schemas, topics, services, gateway, first key. A start that fails, or
 * whose `signal` is aborted, ends what it had started and throws.
 */
export async function startDistributed(start: Start): Promise<RunningProduct> {
  const endings: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of endings.toReversed()) await end();
  };
  try {
    await startParts(start, endings);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(start: Start, endings: (() => Promise<void>)[]): Promise<void> {
  const { config, environment, root, say, signal } = start;
  const startedAt = performance.now();
  const folder = resolve(config.DATA_DIR, 'distributed');
  takeAppLock(folder, `http://${config.BIND_ADDRESS}:${config.PORT}`);
  const apps = await placeApps(distributedApps, config);
  await checkPorts(portsOf(apps));

  const secrets = initSecrets({ folder: join(folder, 'secrets') });
  const missing = missingServers(config);
  if (missing.length > 0) await say(`Starting ${namesOf(missing)} …\n`);
  const servers = await startServers(config, folder, secrets.values.DATABASE_PASSWORD);
  endings.push(() => servers.stop());
  signal.throwIfAborted();
  await prepareStores(config, servers.environment, say);
  signal.throwIfAborted();

  const facts = { given: environment, servers: servers.environment, secretsFolder: secrets.folder, apps };
  const fleet = openFleet(apps, say);
  endings.push(() => fleet.stop());
  const planOf = (app: PlacedApp): AppPlan => ({
    name: app.name,
    command: process.execPath,
    words: [...nodeWords, programOf(root, app)],
    environment: environmentOf(app, facts),
    isReady: () => askReady(app.host, app.operationsPort),
  });
  const first = apps.filter(({ isLast }) => !isLast);
  const last = apps.filter(({ isLast }) => isLast);
  await say(`Starting ${apps.map(({ name }) => name).join(', ')} …\n`);
  await orAborted(fleet.start(first.map(planOf)), signal);
  await orAborted(fleet.start(last.map(planOf)), signal);
  for (const { host, port } of last) await untilHealthy(host, port, signal);

  await showFirstKey(servers.environment.DATABASE_URL, { ...environment, ...secretsOf(facts) }, say);
  const seconds = (performance.now() - startedAt) / 1000;
  await say(
    welcomeText({ publicBaseUrl: config.PUBLIC_BASE_URL, apps, servers: servers.environment, folder, seconds }),
  );
}

function openFleet(apps: readonly PlacedApp[], say: Start['say']): Fleet {
  const width = Math.max(...apps.map(({ name }) => name.length));
  return createFleet({
    // A line that cannot be written has nobody who reads it.
    say: (name, line) => void say(`${name.padEnd(width)} | ${line}\n`).catch(() => {}),
    ...{ backOffMs, readyMs, stopMs, stableMs },
    now: () => performance.now(),
  });
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = once(signal, 'abort', { signal: ended.signal }).then(
    () => signal.throwIfAborted(),
    () => {}, // The work was faster.
  );
  try {
    await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}
