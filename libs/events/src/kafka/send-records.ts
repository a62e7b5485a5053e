import type { Message, Producer } from 'kafkajs';

/** Bounds of one request. */
const maxRecords = 500;
const maxBytes = 512 * 1024;

/**
 * Sends records to a topic in their order, each request after the acknowledgement of the one before by all replicas. Errors:
 * kafkajs's own after its tries; then a part may have been written, and sending all again keeps the order.
 */
export async function sendRecords(producer: Producer, topic: string, messages: readonly Message[]): Promise<void> {
  for (const request of inRequests(messages)) {
    await producer.send({ topic, acks: -1, timeout: 15_000, messages: request });
  }
}

function inRequests(messages: readonly Message[]): Message[][] {
  const requests: Message[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = sizeOf(message);
    const last = requests.at(-1);
    if (last && last.length < maxRecords && bytes + size <= maxBytes) {
      last.push(message);
      bytes += size;
    } else {
      requests.push([message]);
      bytes = size;
    }
  }
  return requests;
}

/** Bytes of the value and, about, of the rest. */
function sizeOf({ value, headers = {} }: Message): number {
  let size = value?.length ?? 0;
  for (const [name, header] of Object.entries(headers)) size += name.length + (header?.length ?? 0);
  return size;
}
