import { type Database, sql } from '@universal-api/database';
import type { Message, Producer } from 'kafkajs';
import type { RecordEnvelope } from '../../dead-letter.ts';
import { toRawHeaders } from '../cloud-event-headers.ts';
import { isAboutContent } from '../content-error.ts';
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
 * with `dlq_*` headers beside them; one that no broker takes goes without its bytes, with their length as `dlq_truncated`. At least
 * once; gives back how many. Errors: those of `sendRecords` and of the database.
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
  await sendLetters(client, producer, letters);
  await database.instance((tx) =>
    sql`UPDATE events.dead_letters SET copied_at = clock_timestamp() WHERE id = ANY(${letters.map(({ id }) => id)}::uuid[])`.execute(
      tx,
    ),
  );
  return letters.length;
}

/** All of them together, or one by one when a broker refuses one of them for what is in it. */
async function sendLetters(client: KafkaClient, producer: Producer, letters: readonly Letter[]): Promise<void> {
  const spellings = letters.map((letter) => spellingsOf(letter, client));
  const send = (records: readonly Message[]) => sendRecords(producer, client.topicName('uapi.dlq.v1'), records);
  try {
    await send(spellings.map(([whole]) => whole));
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    for (const all of spellings) await sendFirst(all, send);
  }
}

/** Sends the first of some spellings that is not refused for what is in it. Errors: those of the last. */
async function sendFirst(
  [first, ...others]: readonly [Message, ...Message[]],
  send: (records: readonly Message[]) => Promise<void>,
): Promise<void> {
  try {
    await send([first]);
  } catch (error) {
    const [next, ...rest] = others;
    if (!next || !isAboutContent(error)) throw error;
    await sendFirst([next, ...rest], send);
  }
}

/** A letter whole, without its bytes, and with nothing but why it is one: its key or its headers may be what is too large. */
function spellingsOf(letter: Letter, client: KafkaClient): [Message, Message, Message] {
  const key = keyOf(letter);
  const value = Buffer.alloc(0);
  const own = toRawHeaders(letter.headers);
  const origin = originOf(letter, client);
  const truncated = { ...origin, dlq_truncated: String(letter.bytes.length) };
  return [
    { key, value: letter.bytes, headers: { ...own, ...origin } },
    { key, value, headers: { ...own, ...truncated } },
    { key: null, value, headers: truncated },
  ];
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
