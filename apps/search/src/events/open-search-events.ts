import { checkSchema } from '@universal-api/database';
import { eventsMigrations, openEventPublisher, type EventPublisher, type EventSink } from '@universal-api/events';
import type { Host, OwnedParts } from '@universal-api/service';
import { publishAttempts, type OnAttempt } from './publish-attempts.ts';

/** What the search service tells of itself. */
export interface SearchEvents {
  /** `attempt.completed`. */
  readonly onAttempt: OnAttempt;
  /** Facts without a change to be atomic with, such as `search.completed`. */
  readonly publish: EventPublisher['publish'];
}

/**
 * Opens the two buffers over PostgreSQL, whose schema of events has to be there; telemetry goes to the sink where there is one.
 * Without a URL nothing is told, and the log says so once. The pools connect with their first event. Errors: a refusal when the schema is not there or not of this version.
 */
export async function openSearchEvents(
  { url, sink }: { readonly url: string | undefined; readonly sink: EventSink | undefined },
  host: Host,
  owned: OwnedParts,
): Promise<SearchEvents> {
  const { metrics, newId } = host;
  const log = host.log.part('search');
  if (!url) {
    log.info('events are off', { variable: 'DATABASE_URL' });
    return { onAttempt: () => {}, publish: () => false };
  }
  await checkSchema(url, [eventsMigrations]);
  const parts = { service: 'search', metrics, log, createId: newId };
  const tables = { databaseUrl: url, role: 'search_ingest' };
  const telemetry = openEventPublisher({ ...parts, ...(sink ? { sink } : tables), source: 'telemetry' });
  owned.own('telemetry', telemetry);
  const facts = owned.own('buffered events', openEventPublisher({ ...parts, ...tables, source: 'log' }));
  return { onAttempt: publishAttempts(telemetry), publish: facts.publish };
}
