import type { JsonObject } from '@universal-api/protos';

/**
 * One event as a reader sees it (`webhooks.md` 1): what is the same on the log, on Kafka, in `webhook-id`, in every retry
 * and replay.
 */
export interface Event {
  /** UUIDv7. */
  readonly id: string;
  /** Dotted words without the version, `search.completed`. */
  readonly type: string;
  /** Version of the type, from 1. */
  readonly version: number;
  readonly topic: string;
  /** Key of the record: the tenant. */
  readonly key: string;
  /** URN of the service that owns the fact, `urn:uapi:search`. */
  readonly source: string;
  /** Public id of what the event is about. */
  readonly subject?: string;
  /** Clock of the database at the append. */
  readonly time: Date;
  /** UUID; `systemTenantId` for facts about the platform itself. */
  readonly tenantId: string;
  /** Grows within one subject, with gaps; says nothing between subjects. */
  readonly position: bigint;
  /** W3C trace context of what caused it. */
  readonly traceparent?: string;
  /** Id of the request or run. */
  readonly correlationId?: string;
  /** Id of the event that led here. */
  readonly causationId?: string;
  /** At most 5 words by which endpoints narrow what they get. */
  readonly channels: readonly string[];
  /** Caused by a `test` key. */
  readonly isTest: boolean;
  /** The payload, snake_case as on the wire; `readPayload` types it. */
  readonly data: JsonObject;
}

/** Largest `data`, bytes of its JSON. */
export const maxDataBytes = 256 * 1024;
