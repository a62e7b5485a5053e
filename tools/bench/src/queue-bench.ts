import { z } from '@universal-api/config';
import { silentLogger } from '@universal-api/logging';
import {
  createBullmqJobQueue,
  createPostgresJobBackend,
  createRedisJobBackend,
  defineJob,
  defineQueue,
  type JobBackend,
  migrateJobs,
  openJobPool,
} from '@universal-api/queue';

/** Stores to measure on. */
export interface QueueBenchStores {
  /** `DATABASE_URL` of a database of its own; its schema `bullmq` is made. */
  readonly databaseUrl: string;
  /** Absent: PostgreSQL alone. */
  readonly redisUrl?: string;
}

const rounds = 3;
const keysPerRound = 500;
const concurrency = 8;

/** Runs per second of the job queue on each store, beside a bare BullMQ loop on the same store and in the same run. */
export async function compareQueues({ databaseUrl, redisUrl }: QueueBenchStores): Promise<void> {
  await migrateJobs(databaseUrl);
  const pool = openJobPool({ url: databaseUrl, workers: 2 });
  const backends: Record<string, () => JobBackend> = { PostgreSQL: () => createPostgresJobBackend(pool) };
  if (redisUrl) backends['Redis'] = () => createRedisJobBackend({ url: redisUrl, prefix: 'bench', log: silentLogger });
  console.log(`\njob queue: ring to run, ${keysPerRound} keys, concurrency ${concurrency}, median of ${rounds} rounds`);
  try {
    for (const [store, open] of Object.entries(backends)) {
      const rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
      for (let round = 0; round < rounds; round++) {
        rates.ours.push(await measureOurs(open()));
        rates.bare.push(await measureBare(open()));
      }
      const [ours, bare] = [median(rates.ours), median(rates.bare)];
      console.log(
        `  ${store.padEnd(10)} ours ${ours.toFixed(0)} runs/s · bare BullMQ ${bare.toFixed(0)} runs/s · ${(ours / bare).toFixed(2)}×`,
      );
    }
  } finally {
    await pool.close();
  }
}

/** The queue of the product, with everything that it does beside BullMQ. */
async function measureOurs(backend: JobBackend): Promise<number> {
  const job = defineJob({
    name: 'bench-key',
    queue: defineQueue({ name: 'uapi-bench-ours', concurrency }),
    data: z.strictObject({ bench_id: z.string() }),
  });
  const queue = createBullmqJobQueue({ backend, jobs: [job], drainMs: 1_000 });
  const finish = countTo(keysPerRound);
  queue.work(job, async () => finish.count());
  await queue.start();
  const startedAt = performance.now();
  for (let key = 0; key < keysPerRound; key++) queue.ring(job, `key_${key}`);
  await finish.done;
  const seconds = (performance.now() - startedAt) / 1_000;
  await queue.close();
  return keysPerRound / seconds;
}

/** A Queue and a Worker of BullMQ and nothing else: no deduplication, no guard, no report. */
async function measureBare(backend: JobBackend): Promise<number> {
  const finish = countTo(keysPerRound);
  const [producer, runner] = [
    backend.createProducer('uapi-bench-bare'),
    backend.createRunner('uapi-bench-bare', concurrency, async () => finish.count()),
  ];
  const failed = Promise.withResolvers<never>();
  for (const object of [producer, runner]) object.on('error', failed.reject);
  await Promise.all([producer.waitUntilReady(), runner.waitUntilReady()]);
  runner.run().catch(failed.reject);
  const startedAt = performance.now();
  const options = { removeOnComplete: true, removeOnFail: true };
  const added = Array.from({ length: keysPerRound }, (_, key) =>
    producer.add('bench-key', { bench_id: `${key}` }, options),
  );
  await Promise.race([Promise.all([...added, finish.done]), failed.promise]);
  const seconds = (performance.now() - startedAt) / 1_000;
  await runner.close();
  await producer.close();
  await backend.close();
  return keysPerRound / seconds;
}

function countTo(target: number) {
  const done = Promise.withResolvers<void>();
  let count = 0;
  return {
    done: done.promise,
    count() {
      if (++count === target) done.resolve();
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
