import { type Database, sql } from '@universal-api/database';
import type { Producer } from 'kafkajs';
import type { RecordEnvelope } from '../../dead-letter.ts';
import { toRawHeaders } from '../cloud-event-headers.ts';
import type { KafkaClient } from '../create-kafka-client.ts';
import { sendRecords } from '../send-records.ts';

interface Letter extends RecordEnvelope {
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  readonly origin: Readonly<Record<string, string | number>>;
  readonly bytes: Buffer;
  readonly createdAt: Date;
}

const pageSize = 50;

/**
 * Copies dead letters that have not been copied to `<prefix>.dlq.v1`, oldest first, with their original key, bytes and headers and
 * with `dlq_*` headers beside them. At least once; gives back how many. Errors: those of `sendRecords` and of the database.
 */
export async function copyDeadLetters(
  database: Pick<Database<unknown>, 'instance'>,
  client: KafkaClient,
  producer: Producer,
): Promise<number> {
  const letters = await database.instance(async (tx) => {
    const { rows } = await sql<Letter>`
      SELECT id, consumer, reason, origin, topic, key, headers, bytes, created_at AS "createdAt"
      FROM events.dead_letters WHERE copied_at IS NULL ORDER BY created_at, id LIMIT ${pageSize}`.execute(tx);
    return rows;
  });
  if (letters.length === 0) return 0;
  const records = letters.map((letter) => ({
    key: keyOf(letter),
    value: letter.bytes,
    headers: { ...toRawHeaders(letter.headers), ...originOf(letter, client) },
  }));
  await sendRecords(producer, client.topicName('uapi.dlq.v1'), records);
  await database.instance((tx) =>
    sql`UPDATE events.dead_letters SET copied_at = clock_timestamp() WHERE id = ANY(${letters.map(({ id }) => id)}::uuid[])`.execute(
      tx,
    ),
  );
  return letters.length;
}

/** A key that is no text is in the origin. */
function keyOf({ key, origin }: Letter): Buffer | null {
  if (key !== null) return Buffer.from(key);
  return origin['key_base64'] === undefined ? null : Buffer.from(String(origin['key_base64']), 'base64');
}

function originOf({ consumer, reason, origin, topic, createdAt }: Letter, client: KafkaClient): Record<string, string> {
  const isOfKafka = origin['source'] === 'kafka';
  return {
    dlq_reason: reason,
    dlq_topic: isOfKafka ? String(origin['topic']) : `${client.prefix}${topic.slice('uapi'.length)}`,
    ...(isOfKafka && { dlq_partition: String(origin['partition']), dlq_offset: String(origin['offset']) }),
    dlq_consumer: consumer,
    dlq_time: createdAt.toISOString(),
  };
}
