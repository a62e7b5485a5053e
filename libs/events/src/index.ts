export {
  attemptCompleted,
  auditRecorded,
  productEvents,
  requestCompleted,
  searchCompleted,
} from './catalogue/index.ts';
export { ledgerOverrun, quotaExhausted, quotaLow, rateLimitExceeded } from './catalogue/index.ts';
export {
  createCatalogue,
  defineEvent,
  topics,
  type Catalogue,
  type Durability,
  type EventDefinition,
  type Topic,
  type Visibility,
} from './catalogue/define-event.ts';
export {
  deadLetterReasons,
  PoisonRecord,
  reasonOf,
  writeDeadLetter,
  type DeadLetter,
  type DeadLetterReason,
  type RecordEnvelope,
} from './dead-letter.ts';
export { maxDataBytes, type Event } from './event.ts';
export { maxBatchEvents, type EventBus, type RunningGroup, type Subscription } from './event-bus.ts';
export { eventsMigrations, grantEventRights, type EventUsers } from './event-rights.ts';
export { createEventMetrics, type EventMetrics } from './group/event-metrics.ts';
export { type GroupReport } from './group/group-report.ts';
export { recordInInbox } from './inbox.ts';
export { headersOf, toEnvelope } from './kafka/cloud-event-headers.ts';
export { createAppend, toEventRow, type Append, type AppendParts, type NewEvent } from './log/append-event.ts';
export { insertEvents, type EventRow, type LogSource } from './log/insert-events.ts';
export { lockSubjects } from './log/lock-subject.ts';
export { ringAfterCommit } from './log/wake-on-notify.ts';
export { readPayload, toPayloadJson } from './payload.ts';
export {
  openEventPublisher,
  type EventPublisher,
  type EventSink,
  type PublisherSettings,
  type PublisherTarget,
} from './telemetry-publisher.ts';
