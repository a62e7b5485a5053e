import { checkSchema, openDatabase, type Database, type MigrationSet } from '@universal-api/database';
import { eventsMigrations } from '@universal-api/events';
import { createPrincipalVerifier, type KeyRing, type PrincipalVerifier } from '@universal-api/principal';
import { openCallers, type Callers } from './callers/open-callers.ts';
import type { BrokerSettings } from './brokers/broker-variables.ts';
import { keepLog } from './brokers/keep-log.ts';
import type { Kafka } from './brokers/open-kafka.ts';
import type { Dependency } from './deep/dependency.ts';
import { diskDependency } from './deep/probe-disk.ts';
import { postgresDependency } from './deep/probe-postgres.ts';
import type { Host } from './host.ts';
import { createOwnedParts, type OwnedParts } from './owned-parts.ts';
import { createReadiness, type Readiness } from './readiness.ts';

/** What every service is made of. */
export interface ServiceSettings extends BrokerSettings {
  /** `host:port` of the gRPC server. */
  readonly grpcAddress: string;
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** `INTERNAL_AUTH_KEY`, current version first. */
  readonly internalKeys: KeyRing;
  /** `host:port` of the service `auth`; absent: only signed principals are known, and nothing that ends is heard. */
  readonly authAddress?: string | undefined;
  /** Whether this app keeps the log of events for its process: one app of each process does. */
  readonly keepsLog?: boolean;
  /** Folder whose disk deep health looks at; absent: another app of the process does. */
  readonly diskFolder?: string;
}

/** Whose parts are opened. */
export interface ServiceIdentity {
  /** Name of the service, of its schema and of its roles. */
  readonly name: string;
  /** Its own schema, which has a table `heartbeats`. */
  readonly migrations: MigrationSet;
  /** What compose made of `settings.kafka`. */
  readonly kafka?: Kafka;
  /** Connections on its own schema; absent: those of the settings. */
  readonly poolSize?: number;
}

/** The parts that are alike in every service. */
export interface ServiceParts<Tables> {
  readonly name: string;
  readonly owned: OwnedParts;
  readonly readiness: Readiness;
  /** Pool of `<service>_app`. */
  readonly database: Database<Tables>;
  readonly principals: PrincipalVerifier;
  /** Callers with a bearer, and what is heard of the service `auth`. */
  readonly callers?: Callers | undefined;
  /** What deep health asks; a service adds its own. */
  readonly standsOn: readonly Dependency[];
  readonly address: string;
}

/**
 * Opens them, and begins to keep the log where the service has to. Errors: a refusal when a schema is missing or older than this
 * version: migrating is the host's affair.
 */
export async function openServiceParts<Tables>(
  settings: ServiceSettings,
  { name, migrations, kafka, poolSize = settings.poolSize }: ServiceIdentity,
  host: Host,
): Promise<ServiceParts<Tables>> {
  const { databaseUrl, keepsLog = false, diskFolder } = settings;
  await checkSchema(databaseUrl, keepsLog ? [migrations, eventsMigrations] : [migrations]);
  const owned = createOwnedParts(host.log);
  const role = `${name}_app`;
  const database = owned.own(`${name} pool`, openDatabase<Tables>({ url: databaseUrl, role, poolSize }));
  const readiness = createReadiness();
  readiness.add({ name: 'postgres', check: () => database.ping() });
  const kept = keepsLog ? await keepLog({ databaseUrl, service: name, kafka, host, owned }) : undefined;
  const { authAddress: auth, internalKeys } = settings;
  const callers = auth === undefined ? undefined : openCallers({ app: name, auth, internalKeys, host, owned });
  return {
    name,
    owned,
    callers,
    readiness,
    database,
    principals: createPrincipalVerifier({ keys: settings.internalKeys, audience: name, clock: host.now }),
    standsOn: [
      postgresDependency(database as Database<unknown>),
      ...(kept?.standsOn ?? []),
      ...(diskFolder === undefined ? [] : [diskDependency(diskFolder)]),
    ],
    address: settings.grpcAddress,
  };
}
