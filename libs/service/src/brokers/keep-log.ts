import { openDatabase, poolSizes } from '@universal-api/database';
import { createEventMetrics } from '@universal-api/events';
import type { RelayParts, RelayReport, RunningRelay } from '@universal-api/events/kafka';
import { createWake, type Wake } from '@universal-api/events/log';
import { hostname } from 'node:os';
import type { Dependency } from '../deep/dependency.ts';
import { eventLogDependency } from '../deep/probe-event-log.ts';
import { kafkaDependency } from '../deep/probe-kafka.ts';
import type { Host } from '../host.ts';
import type { OwnedParts } from '../owned-parts.ts';
import { keepEventPartitions } from './keep-event-partitions.ts';
import type { Kafka } from './open-kafka.ts';

/** What keeping the log needs. */
export interface KeepLogParts {
  readonly databaseUrl: string;
  /** Whose `_ingest` reads the log: the name of a service that is a consumer of events. */
  readonly service: string;
  /** Where events are carried to; absent: they stay in the log. */
  readonly kafka?: Kafka | undefined;
  readonly host: Host;
  readonly owned: OwnedParts;
}

/** What is left to ask of a kept log. */
export interface KeptLog {
  /** What deep health asks: the log, and Kafka where there is one. */
  readonly standsOn: readonly Dependency[];
}

/**
 * What every process does for the log of events, whichever it is: it keeps the daily partitions, and takes its place among those
 * that may carry events to Kafka, of whom one does. Once per process.
 */
export async function keepLog({ databaseUrl, service, kafka, host, owned }: KeepLogParts): Promise<KeptLog> {
  const { log } = host;
  owned.own('event partitions', await keepEventPartitions(databaseUrl, log));
  const role = `${service}_ingest`;
  const database = owned.own(
    'log pool',
    openDatabase<unknown>({
      url: databaseUrl,
      role,
      poolSize: poolSizes.ingest,
      applicationName: `${service}_log`,
    }),
  );
  const standsOn = [eventLogDependency(database)];
  if (!kafka) return { standsOn };
  const wake = owned.own('log wake', createWake({ url: databaseUrl, role, database }));
  const relay = await beginRelay({ databaseUrl, kafka, host, database, wake });
  owned.own('relay', { close: () => relay.stop() });
  return { standsOn: [...standsOn, await kafkaDependency(kafka, owned)] };
}

async function beginRelay(parts: {
  readonly databaseUrl: string;
  readonly kafka: Kafka;
  readonly host: Host;
  readonly database: RelayParts['database'];
  readonly wake: Wake;
}): Promise<RunningRelay> {
  const { host } = parts;
  const { client, access } = parts.kafka;
  const { startRelay } = await import('@universal-api/events/kafka');
  const { onRelay } = createEventMetrics(host.metrics);
  const { log } = host;
  return startRelay({
    client,
    url: parts.databaseUrl,
    database: parts.database,
    wake: parts.wake,
    owner: `${hostname()}:${process.pid}`,
    topics: access.createsTopics && (access.replication === undefined ? {} : { replication: access.replication }),
    report(report) {
      onRelay(report);
      tell(report, log);
    },
  });
}

const about = { part: 'relay' } as const;

function tell(report: RelayReport, log: Host['log']): void {
  if (report.kind === 'leads') {
    log.info(report.isLeader ? 'this process carries events to Kafka' : 'this process carries events no more', about);
  }
  if (report.kind === 'failed') {
    log.warn('events could not be carried to Kafka and wait in the log', { ...about, err: report.error });
  }
  if (report.kind === 'dead_letters') log.warn('dead letters were copied to Kafka', { ...about, count: report.count });
}
