import { AppError } from '@universal-api/errors';
import type { Message, Producer } from 'kafkajs';
import type { Topic } from '../catalogue/define-event.ts';
import type { Event } from '../event.ts';
import { timeOfId } from '../inbox.ts';
import type { EventRow } from '../log/insert-events.ts';
import type { EventSink } from '../telemetry-publisher.ts';
import { headersOf } from './cloud-event-headers.ts';
import { isAboutContent } from './content-error.ts';
import type { KafkaClient } from './create-kafka-client.ts';
import { sendRecords } from './send-records.ts';

/**
 * Where telemetry goes when there is Kafka: its topic, acknowledged by all replicas. Not transactional, and an event whose
 * acknowledgement was lost is sent again under the same id. Connects with the first batch.
 */
export function createKafkaSink(client: KafkaClient): EventSink {
  let producer: Producer | undefined;
  let isClosed = false;
  const connect = async () => {
    const next = client.producer();
    await next.connect();
    return (producer = next);
  };
  const send = async (open: Producer, byTopic: ReadonlyMap<string, readonly Message[]>) => {
    for (const [topic, messages] of byTopic) {
      if (isClosed) throw new AppError('service_unavailable', { internal: 'The sink is closed.' });
      await sendRecords(open, client.topicName(topic as Topic), messages);
    }
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
      try {
        await send(open, byTopic);
      } finally {
        // kafkajs connects again for what is still under way when it is told to leave.
        if (isClosed) void open.disconnect().catch(() => {});
      }
    },
    isAboutContent,
    async close() {
      isClosed = true;
      await producer?.disconnect();
    },
  };
}

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
