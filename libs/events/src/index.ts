export { attemptCompleted, productEvents, requestCompleted, searchCompleted } from './catalogue/index.ts';
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
  headersOf,
  PoisonRecord,
  writeDeadLetter,
  type DeadLetter,
  type DeadLetterReason,
} from './dead-letter.ts';
export { maxDataBytes, type Event } from './event.ts';
export { maxBatchEvents, type EventBus, type RunningGroup, type Subscription } from './event-bus.ts';
export { eventsMigrations, grantEventRights, type EventUsers } from './event-rights.ts';
export { recordInInbox } from './inbox.ts';
export { createAppend, toEventRow, type Append, type AppendParts, type NewEvent } from './log/append-event.ts';
export { insertEvents, type EventRow, type LogSource } from './log/insert-events.ts';
export { lockSubjects } from './log/lock-subject.ts';
export { ringAfterCommit } from './log/wake-on-notify.ts';
export { readPayload, toPayloadJson } from './payload.ts';
export { openEventPublisher, type EventPublisher, type PublisherSettings } from './telemetry-publisher.ts';
