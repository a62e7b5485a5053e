/** A process of the group `killed` on Kafka, until it is killed: `DATABASE_URL`, `KAFKA_BROKERS`, `UAPI_PREFIX`. */
import { openDatabase } from '@universal-api/database';
import { silentLogger } from '@universal-api/logging';
import { createKafkaClient, createKafkaEventBus } from '../../src/kafka/index.ts';
import { recordEffects } from '../write-keyed.ts';

const url = process.env['DATABASE_URL'] ?? '';
const bus = createKafkaEventBus<unknown>({
  client: createKafkaClient({
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    prefix: process.env['UAPI_PREFIX'] ?? '',
    service: 'kafka-reader',
    log: silentLogger,
  }),
  database: openDatabase({ url, role: 'probe_ingest', poolSize: 3 }),
});
bus.subscribe({
  group: 'killed',
  topics: ['uapi.search.v1'],
  handle: (tx, events) => recordEffects(tx, 'killed', events),
});
process.stdin.on('end', () => process.exit(0)).resume();
