import { secretNames } from '@universal-api/admin';
import { unknownVariables, type Environment } from '@universal-api/config';
import { join } from 'node:path';
import { addressVariable } from './app-list.ts';
import type { PlacedApp } from './place-apps.ts';

/** What every app is told. */
export interface SharedFacts {
  /** Environment of the starter: keys and hosts of providers, limits, deadlines, whatever an app reads. */
  readonly given: Environment;
  /** `DATABASE_URL`, `REDIS_URL`, `KAFKA_BROKERS`. */
  readonly servers: Readonly<Record<string, string>>;
  /** Folder with one file for each secret. */
  readonly secretsFolder: string;
  readonly apps: readonly PlacedApp[];
}

/** Variables that mean something else for the starter than for an app. */
const startersOwn = ['BIND_ADDRESS', 'PORT', 'GRPC_PORT', 'OPS_PORT', 'DATA_DIR'];

/**
 * The environment of one app; pure. Of the names that look like ours it gets those that it reads, so that no app complains of
 * another's. A secret that is given wins over the file of the folder, a level of the log that is given over `warn`. Who waits for
 * services is told where they all are; the others where those are that they read.
 */
export function environmentOf(app: PlacedApp, facts: SharedFacts): Record<string, string> {
  const { given, servers, apps } = facts;
  const own = {
    BIND_ADDRESS: app.host,
    OPS_PORT: String(app.operationsPort),
    [app.grpcPort === undefined ? 'PORT' : 'GRPC_PORT']: String(app.port),
  };
  const isTold = (name: string) => app.isLast || app.reads.includes(addressVariable(name));
  const services = apps.filter(({ name, grpcPort }) => grpcPort !== undefined && isTold(name));
  const peers = services.map(({ name, host, port }) => [addressVariable(name), `${host}:${port}`]);
  const dropped = new Set([
    ...startersOwn,
    ...unknownVariables(given, app.reads),
    ...secretNames.filter((name) => !app.reads.includes(name)).flatMap((name) => [name, `${name}_FILE`]),
    ...apps.map(({ name }) => addressVariable(name)),
    ...Object.keys(servers).map((name) => `${name}_FILE`),
  ]);
  const kept = Object.entries(given).filter(([name, value]) => value !== undefined && !dropped.has(name));
  const secrets = Object.entries(secretsOf(facts)).filter(([name]) => app.reads.includes(name.replace(/_FILE$/, '')));
  return {
    LOG_LEVEL: 'warn',
    ...(Object.fromEntries(kept) as Record<string, string>),
    ...baseUrlFor(app, facts),
    ...servers,
    ...Object.fromEntries([...secrets, ...peers]),
    ...own,
  };
}

/** Who makes tokens and who tells of it have to name the same address: unset, the default of each would be a guess. */
function baseUrlFor(app: PlacedApp, { given, apps }: SharedFacts): Record<string, string> {
  const gateway = apps.find(({ grpcPort }) => grpcPort === undefined);
  if (!gateway || !app.reads.includes('PUBLIC_BASE_URL')) return {};
  return { PUBLIC_BASE_URL: given['PUBLIC_BASE_URL'] || `http://127.0.0.1:${gateway.port}` };
}

/** `<NAME>_FILE` of each secret that nobody gave. */
export function secretsOf({
  given,
  secretsFolder,
}: Pick<SharedFacts, 'given' | 'secretsFolder'>): Record<string, string> {
  const missing = secretNames.filter((name) => !given[name] && !given[`${name}_FILE`]);
  return Object.fromEntries(missing.map((name) => [`${name}_FILE`, join(secretsFolder, name)]));
}
