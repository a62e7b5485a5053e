import type { Message, Producer } from 'kafkajs';
import type { Topic } from '../catalogue/define-event.ts';
import type { Event } from '../event.ts';
import { timeOfId } from '../inbox.ts';
import type { EventRow } from '../log/insert-events.ts';
import type { EventSink } from '../telemetry-publisher.ts';
import { headersOf } from './cloud-event-headers.ts';
import type { KafkaClient } from './create-kafka-client.ts';
import { sendRecords } from './send-records.ts';

/**
 * Where telemetry goes when there is Kafka: its topic, acknowledged by all replicas. Not transactional, and an event whose
 * acknowledgement was lost is sent again under the same id. Connects with the first batch.
 */
export function createKafkaSink(client: KafkaClient): EventSink {
  let producer: Producer | undefined;
  const connect = async () => {
    const next = client.producer();
    await next.connect();
    return (producer = next);
  };
  return {
    async write(rows) {
      const open = producer ?? (await connect());
      const byTopic = new Map<string, Message[]>();
      for (const row of rows) {
        const messages = byTopic.get(row.topic) ?? [];
        byTopic.set(row.topic, messages);
        messages.push({ key: row.key, value: row.data, headers: headersOf(toEnvelopeOf(row)) });
      }
      for (const [topic, messages] of byTopic) await sendRecords(open, client.topicName(topic as Topic), messages);
    },
    isAboutContent: (error) =>
      typeof error === 'object' && error !== null && 'type' in error && contentErrors.has(String(error.type)),
    async close() {
      await producer?.disconnect();
    },
  };
}

/** What brokers say of a record that they would refuse for ever. */
const contentErrors = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);

/** The time is that of the id, so that a record that is sent twice is the same both times. */
function toEnvelopeOf(row: EventRow): Omit<Event, 'data'> {
  return {
    id: row.id,
    type: row.type,
    version: row.version,
    topic: row.topic,
    key: row.key,
    source: row.source,
    time: timeOfId(row.id),
    tenantId: row.tenant_id,
    position: 0n,
    channels: row.channels,
    isTest: row.test,
    ...(row.subject !== undefined && { subject: row.subject }),
    ...(row.traceparent !== undefined && { traceparent: row.traceparent }),
    ...(row.correlation_id !== undefined && { correlationId: row.correlation_id }),
    ...(row.causation_id !== undefined && { causationId: row.causation_id }),
  };
}
