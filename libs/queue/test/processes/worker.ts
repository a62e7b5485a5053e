/**
 * A process that works on the probe job until it is killed: `QUEUE`, and `REDIS_URL` with `PREFIX` or `DATABASE_URL`. One line per
 * run on stdout, `begin <key>`; with `HOLD` set, a run never ends.
 */
import { silentLogger } from '@universal-api/logging';
import { createBullmqJobQueue, createPostgresJobBackend, createRedisJobBackend, openJobPool } from '../../src/index.ts';
import { probeJob } from '../probe-job.ts';

const { QUEUE = '', REDIS_URL, PREFIX = '', DATABASE_URL = '', HOLD } = process.env;
const job = probeJob(QUEUE);
const backend = REDIS_URL
  ? createRedisJobBackend({ url: REDIS_URL, prefix: PREFIX, log: silentLogger })
  : createPostgresJobBackend(openJobPool({ url: DATABASE_URL, workers: 1 }));
const queue = createBullmqJobQueue({ backend, jobs: [job], drainMs: 1_000 });
queue.work(job, async ({ probe_id: key }) => {
  process.stdout.write(`begin ${key}\n`);
  if (HOLD) await new Promise(() => {});
});
await queue.start();
process.stdout.write('ready\n');
process.stdin.on('end', () => process.exit(0)).resume();
