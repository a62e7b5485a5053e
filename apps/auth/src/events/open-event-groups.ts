import { openDatabase, poolSizes, type Database } from '@universal-api/database';
import { createEventMetrics, type EventBus, type GroupReport, type Subscription } from '@universal-api/events';
import { createLogEventBus, inboxOf, startPartitionKeeper } from '@universal-api/events/log';
import type { Host, Kafka, OwnedParts, Readiness } from '@universal-api/service';
import { hostname } from 'node:os';
import type { AuthTables } from '../store/auth-tables.ts';

/** What reading events needs. */
export interface EventGroupsParts {
  readonly databaseUrl: string;
  /** Where events are read from; absent: from PostgreSQL. */
  readonly kafka?: Kafka | undefined;
  readonly host: Host;
  readonly owned: OwnedParts;
  readonly readiness: Readiness;
}

/** The groups of the auth service. */
export interface EventGroups {
  /** Starts a group over facts (`log`) or over telemetry; it ends with the app. */
  start(source: 'log' | 'telemetry', subscription: Subscription<AuthTables>): void;
}

/**
 * Opens what the groups of the service read events with: from Kafka where there is one, else from the log and the telemetry of
 * PostgreSQL. Keeps the inbox, and waits for its partitions of the coming days.
 */
export async function openEventGroups(parts: EventGroupsParts): Promise<EventGroups> {
  const { databaseUrl, host, owned } = parts;
  const log = host.log.part('events');
  const database = owned.own(
    'auth ingest pool',
    openDatabase<AuthTables>({ url: databaseUrl, role: 'auth_ingest', poolSize: poolSizes.ingest }),
  );
  const keeper = startPartitionKeeper({
    url: databaseUrl,
    tables: [inboxOf('auth')],
    onFailed: (error) => log.warn('the partitions of the inbox could not be kept', { err: error }),
  });
  owned.own('inbox partitions', { close: () => keeper.stop() });
  await keeper.first;
  const busOf = await openBuses(parts, database, tellGroups(host));
  return {
    start(source, subscription) {
      const running = busOf(source).subscribe(subscription);
      owned.own(`group ${subscription.group}`, { close: () => running.stop() });
    },
  };
}

async function openBuses(
  { kafka, readiness }: EventGroupsParts,
  database: Database<AuthTables>,
  report: (report: GroupReport) => void,
): Promise<(source: 'log' | 'telemetry') => EventBus<AuthTables>> {
  if (!kafka) {
    const owner = `${hostname()}:${process.pid}`;
    const buses = {
      log: createLogEventBus<AuthTables>({ database, owner, report }),
      telemetry: createLogEventBus<AuthTables>({ database, owner, report, source: 'telemetry' }),
    };
    return (source) => buses[source];
  }
  const { createKafkaEventBus } = await import('@universal-api/events/kafka');
  const bus = createKafkaEventBus<AuthTables>({ client: kafka.client, database, report });
  readiness.add({
    name: 'groups',
    check: () => {
      const unhealthy = bus.unhealthyGroups();
      return unhealthy.length === 0 ? Promise.resolve() : Promise.reject(new Error(`${unhealthy.join(', ')} dies`));
    },
  });
  return () => bus;
}

function tellGroups({ metrics, log }: Host): (report: GroupReport) => void {
  const { onGroup } = createEventMetrics(metrics);
  const told = log.part('events');
  return (report) => {
    onGroup(report);
    if (report.kind === 'failed')
      told.warn('a group could not take in events', { part: report.group, err: report.error });
    if (report.kind === 'dead_letter') {
      told.error('an event was set aside', { part: report.group, reason: report.reason, err: report.error });
    }
  };
}
