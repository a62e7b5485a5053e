import { prepareDatabase } from '@universal-api/database';
import { startInfra } from '@universal-api/infra';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NotRun } from '../not-run.ts';
import type { PackableApp } from '../pack/packable-apps.ts';
import { runInImage, startInImage, type StartedProgram } from './run-as.ts';
import type { Stage } from './run-stage.ts';

/** Images of the product, and where they run. */
export interface ProductOptions {
  readonly images: ReadonlyMap<PackableApp, Stage>;
  readonly bin: string;
  /** Folder that the user of the images may write to; stands in for the volume of secrets. */
  readonly secrets: string;
}

interface Running {
  readonly app: PackableApp;
  readonly program: StartedProgram;
}

const services = ['search', 'video', 'assistant', 'analytics', 'auth', 'webhook'] as const;
const login = 'universal_api';
const healthyMs = 60_000;
const endMs = 40_000;

/**
 * Runs the images that there are as `docker-compose.yml` does, against servers of `tools/infra`: the four jobs, the services, the gateway and the
 * simulator, until the health check of each says healthy; then one call with the first key through all of it, and a clean end.
 * Gives back complaints. Errors: `NotRun` where there are no servers.
 */
export async function startProduct(options: ProductOptions): Promise<string[]> {
  const infra = await startInfra().catch((error: unknown) => {
    throw new NotRun(
      `The images were built and not started: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const running: Running[] = [];
  try {
    const environment = { REDIS_URL: infra.redisUrl ?? '', KAFKA_BROKERS: infra.kafkaBrokers?.join(',') ?? '' };
    const key = await runJobs(options, infra.databaseUrl ?? '', environment);
    const ports = new Map<PackableApp, number>();
    const stores = {
      ...environment,
      BIND_ADDRESS: '127.0.0.1',
      KAFKA_CREATE_TOPICS: 'false',
      DATABASE_URL_FILE: join(options.secrets, 'DATABASE_URL'),
      INTERNAL_AUTH_KEY_FILE: join(options.secrets, 'INTERNAL_AUTH_KEY'),
    };
    const present = services.filter((app) => options.images.has(app));
    for (const app of present) ports.set(app, await freePort());
    const peers = Object.fromEntries(
      [...ports].map(([app, port]) => [`UAPI_${app.toUpperCase()}_ADDR`, `127.0.0.1:${port}`]),
    );
    const authSecrets = {
      AUTH_KEY_PEPPER_FILE: join(options.secrets, 'AUTH_KEY_PEPPER'),
      DATA_ENCRYPTION_KEY_FILE: join(options.secrets, 'DATA_ENCRYPTION_KEY'),
    };
    const starts = present.map((app) => {
      const given = { ...stores, ...(app === 'auth' && authSecrets), GRPC_PORT: String(ports.get(app)) };
      return startApp(options, running, { app, given });
    });
    if (options.images.has('simulator')) {
      const own = String(await freePort());
      const url = `http://127.0.0.1:${own}/_control/profiles`;
      starts.push(startApp(options, running, { app: 'simulator', words: ['--port', own], given: {}, healthUrl: url }));
    }
    await Promise.all(starts);
    const port = String(await freePort());
    await startApp(options, running, { app: 'gateway', given: { ...stores, ...peers, PORT: port } });
    await callThrough(`http://127.0.0.1:${port}/api/v1/countries/PE`, key);
    return await endAll(running);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    for (const { program } of running) program.child.kill('SIGKILL');
    await infra.stop();
  }
}

/** `secrets`, `migrate`, `kafka-init`, `bootstrap`; gives back the first key. */
async function runJobs(
  { images, bin, secrets }: ProductOptions,
  adminUrl: string,
  environment: { readonly KAFKA_BROKERS: string },
): Promise<string> {
  const image = imageOf(images, 'admin');
  const { host } = new URL(adminUrl);
  const run = (words: readonly string[], given: Record<string, string> = {}) =>
    runInImage(image, { bin, words: [...(image.entrypoint ?? []), ...words], environment: given });
  await run(['secrets', 'init', '--folder', secrets, '--database-url', `postgresql://${login}@${host}/${login}`]);
  const password = readFileSync(join(secrets, 'DATABASE_PASSWORD'), 'utf8').trim();
  await prepareDatabase(adminUrl, { login, password, database: login });
  const database = { DATABASE_URL_FILE: join(secrets, 'DATABASE_URL') };
  await run(['migrate'], database);
  await run(['topics', 'apply'], environment);
  const pepper = { AUTH_KEY_PEPPER_FILE: join(secrets, 'AUTH_KEY_PEPPER') };
  const said = JSON.parse(await run(['bootstrap', '--json'], { ...database, ...pepper })) as { key?: string };
  if (said.key === undefined) throw new Error('bootstrap shows no key on an empty installation.');
  return said.key;
}

/** One app, and what its container is given. */
interface AppStart {
  readonly app: PackableApp;
  readonly words?: readonly string[];
  readonly given: Record<string, string>;
  /** What its health check asks instead of the operations port. */
  readonly healthUrl?: string;
}

/** Starts an app and waits until the health check of its image says healthy. */
async function startApp({ images, bin }: ProductOptions, running: Running[], start: AppStart): Promise<void> {
  const { app, words = [], given, healthUrl } = start;
  const image = imageOf(images, app);
  const environment = { ...given, OPS_PORT: String(await freePort()) };
  const program = startInImage(image, { bin, words: [...(image.entrypoint ?? []), ...words], environment });
  running.push({ app, program });
  const check = [...(image.healthcheck ?? []), ...(healthUrl === undefined ? [] : [healthUrl])];
  for (const until = Date.now() + healthyMs; ; await setTimeout(250)) {
    if ((await startInImage(image, { bin, words: check, environment }).ended) === 0) return;
    const { exitCode } = program.child;
    if (exitCode === null && Date.now() < until) continue;
    const end = exitCode === null ? `is not healthy after ${healthyMs / 1_000} s` : `ended with ${exitCode}`;
    throw new Error(`${app} ${end}: ${program.output().trim().slice(-2_000)}`);
  }
}

async function callThrough(url: string, key: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes('Peru')) {
    throw new Error(`A call through the gateway gave ${answer.status}: ${text.slice(0, 300)}`);
  }
}

/** SIGTERM to all: each ends by itself with 0. */
async function endAll(running: readonly Running[]): Promise<string[]> {
  for (const { program } of running) program.child.kill('SIGTERM');
  const ends = running.map(async ({ app, program }) => {
    const code = await Promise.race([program.ended, setTimeout(endMs, 'late' as const, { ref: false })]);
    return code === 0 ? [] : [`${app} ended with ${code}: ${program.output().trim().slice(-1_000)}`];
  });
  return (await Promise.all(ends)).flat();
}

function imageOf(images: ReadonlyMap<PackableApp, Stage>, app: PackableApp): Stage {
  const image = images.get(app);
  if (image === undefined) throw new Error(`There is no image of ${app}.`);
  return image;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
