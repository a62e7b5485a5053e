import type { Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import type { DescMessage, MessageInitShape } from '@universal-api/protos';
import type { Catalogue, EventDefinition } from '../catalogue/define-event.ts';
import { maxDataBytes } from '../event.ts';
import { writeChecked, type PayloadWriter } from '../payload-writer.ts';
import { type EventRow, insertEvents } from './insert-events.ts';
import { isSubjectLocked } from './lock-subject.ts';
import { noteAppend } from './wake-on-notify.ts';

/** What a producer says of an event; all else is stamped. */
export interface NewEvent<Schema extends DescMessage> {
  /** UUID; the transaction's own tenant, or `systemTenantId` in a transaction of that one. */
  readonly tenantId: string;
  /** Public id of what it is about; ordered types need one, and its lock. */
  readonly subject?: string;
  /** The payload. Never secrets, signed URLs, message text or e-mail addresses. */
  readonly data: MessageInitShape<Schema>;
  /** W3C trace context of the call behind it. */
  readonly traceparent?: string;
  /** Id of the request or run behind it. */
  readonly correlationId?: string;
  /** Id of the event behind it. */
  readonly causationId?: string;
  /** At most 5 of `[A-Za-z0-9_.:-]{1,128}`. */
  readonly channels?: readonly string[];
  /** Caused by a `test` key. */
  readonly isTest?: boolean;
}

/** Parts of appending. */
export interface AppendParts {
  /** The types that may be appended; durability tests hand in their own. */
  readonly catalogue: Catalogue;
  /** Service that owns the facts: `search`. */
  readonly service: string;
  /** Ids of events, UUIDv7. */
  readonly createId?: () => string;
}

/**
 * Writes an event in the caller's transaction, so that it happens if and only if the change does. Gives back its id.
 *
 * Errors, all `internal`, since each is a fault of the producer: a type that the catalogue has not, or has as telemetry; an
 * ordered type without subject or whose subject `lockSubjects` has not locked; a payload that is not of its message or breaks a rule
 * of it; more than 256 KiB of JSON; channels out of bounds.
 */
export type Append = <Schema extends DescMessage, Tables>(
  tx: Transaction<Tables>,
  type: EventDefinition<Schema>,
  event: NewEvent<Schema>,
) => Promise<string>;

/** Makes the `append` of a service. */
export function createAppend({ catalogue, service, createId = newId }: AppendParts): Append {
  return async (tx, type, event) => {
    if (catalogue.find(type.name, type.version) !== (type as EventDefinition))
      throw fault(type, 'is not in the catalogue');
    if (type.durability === 'telemetry') throw fault(type, 'is telemetry, which never enters the log');
    if (type.ordered && event.subject === undefined) throw fault(type, 'is ordered and needs a subject');
    if (type.ordered && !isSubjectLocked(tx, event.subject ?? '')) {
      throw fault(type, `is ordered, and its subject was not locked at the start of the transaction`);
    }
    const row = toEventRow(type, event, { service, createId });
    await insertEvents(tx, 'log', [row]);
    noteAppend(tx);
    return row.id;
  };
}

const channelPattern = /^[A-Za-z0-9_.:-]{1,128}$/;
const maxChannels = 5;

/** UTF-8 needs at most so many bytes for a UTF-16 code unit. */
const maxBytesPerUnit = 3;

/** What a row is stamped with, and how its payload is written. */
export interface RowParts extends Required<Omit<AppendParts, 'catalogue'>> {
  /** Absent: `writeChecked`. */
  readonly write?: PayloadWriter;
}

/** The row of an event, stamped and checked; for `append` and the buffers. Errors: `internal`, as `append`'s of the payload. */
export function toEventRow<Schema extends DescMessage>(
  type: EventDefinition<Schema>,
  event: NewEvent<Schema>,
  { service, createId, write = writeChecked }: RowParts,
): EventRow {
  const channels = event.channels ?? [];
  if (channels.length > maxChannels || !channels.every((channel) => channelPattern.test(channel))) {
    throw fault(type, `has channels out of bounds`);
  }
  const data = write(type, event.data);
  if (data.length * maxBytesPerUnit > maxDataBytes && Buffer.byteLength(data) > maxDataBytes)
    throw fault(type, `has more than ${maxDataBytes} bytes of data`);
  return {
    id: createId(),
    topic: type.topic,
    key: event.tenantId,
    type: type.name,
    version: type.version,
    source: `urn:uapi:${service}`,
    subject: event.subject,
    tenant_id: event.tenantId,
    traceparent: event.traceparent,
    correlation_id: event.correlationId,
    causation_id: event.causationId,
    channels,
    test: event.isTest ?? false,
    data,
  };
}

function fault(type: Pick<EventDefinition, 'name' | 'version'>, what: string): AppError {
  return new AppError('internal', { internal: `Event ${type.name}.v${type.version} ${what}.` });
}
