/** A process that runs the relay until it is killed: `DATABASE_URL`, `KAFKA_BROKERS`, `UAPI_PREFIX`. */
import { openDatabase } from '@universal-api/database';
import { silentLogger } from '@universal-api/logging';
import { createKafkaClient, startRelay } from '../../src/kafka/index.ts';

const url = process.env['DATABASE_URL'] ?? '';
startRelay({
  client: createKafkaClient({
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    prefix: process.env['UAPI_PREFIX'] ?? '',
    service: 'relay-host',
    log: silentLogger,
  }),
  url,
  database: openDatabase<unknown>({ url, role: 'probe_ingest', poolSize: 2 }),
  owner: `relay:${process.pid}`,
});
// Nobody is left to kill us once the pipe from the parent is closed.
process.stdin.on('end', () => process.exit(0)).resume();
