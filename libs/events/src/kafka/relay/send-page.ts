import type { Message, Producer } from 'kafkajs';
import { type Event, maxDataBytes } from '../../event.ts';
import type { Page } from '../../log/read-log.ts';
import { headersOf } from '../cloud-event-headers.ts';
import type { KafkaClient } from '../create-kafka-client.ts';
import type { Topic } from '../../catalogue/define-event.ts';
import { sendRecords } from '../send-records.ts';

/** Sends the events of a page, topic by topic, in their order within each. Errors: those of `sendRecords`. */
export async function sendPage(client: KafkaClient, producer: Producer, page: Page): Promise<void> {
  const byTopic = new Map<string, Message[]>();
  for (const [index, event] of page.events.entries()) {
    const messages = byTopic.get(event.topic) ?? [];
    byTopic.set(event.topic, messages);
    messages.push({ key: event.key, value: valueOf(event, page.bytesOf(index)), headers: headersOf(event) });
  }
  for (const [topic, messages] of byTopic) await sendRecords(producer, client.topicName(topic as Topic), messages);
}

/**
 * The bytes that the log has. Where they are more than was appended (`1e300` becomes 301 digits there) the short spelling goes
 * instead: a record that no broker takes would stop the relay for ever.
 */
function valueOf(event: Event, bytes: Uint8Array): Buffer {
  return bytes.length <= maxDataBytes ? Buffer.from(bytes) : Buffer.from(JSON.stringify(event.data));
}
