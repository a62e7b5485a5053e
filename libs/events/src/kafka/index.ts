export { applyTopics, type AppliedTopics, type TopicSettings } from './apply-topics.ts';
export { createKafkaClient, type KafkaClient, type KafkaSettings, type KafkaTopic } from './create-kafka-client.ts';
export { createKafkaEventBus, type KafkaEventBus, type KafkaEventBusParts } from './kafka-event-bus.ts';
export { createKafkaSink } from './kafka-sink.ts';
export { createKafkaGauge, type KafkaGauge, type KafkaState } from './measure-kafka.ts';
export { startRelay, type RelayParts, type RunningRelay } from './relay-log.ts';
export { type RelayReport } from './relay/relay-report.ts';
export { replayTopics, type ReplayParts, type ReplayPlace, type ReplayResult } from './consume/replay-topics.ts';
export { sendRecords } from './send-records.ts';
