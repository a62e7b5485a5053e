export { createAppend, toEventRow, type Append, type AppendParts, type NewEvent } from './append-event.ts';
export { insertEvents, type EventRow, type LogSource } from './insert-events.ts';
export {
  eventTables,
  inboxOf,
  keepPartitions,
  startPartitionKeeper,
  type KeptTable,
  type PartitionKeeper,
  type PartitionKeeperParts,
  type PartitionsKept,
} from './keep-partitions.ts';
export { lockSubjects } from './lock-subject.ts';
export { type GroupReport } from '../group/group-report.ts';
export { createLogEventBus, type LogEventBusParts } from './log-event-bus.ts';
export { measureLag, type GroupLag } from './measure-lag.ts';
export { readLog, startOfLog, type Cursor, type Page, type PageRequest } from './read-log.ts';
export { createWake, ringAfterCommit, type Wake, type WakeParts } from './wake-on-notify.ts';
