import { openSharedPool, poolSizes, type SharedPool } from '@universal-api/database';
import { createPostgresBackend, LATEST_SCHEMA_VERSION, type PgPool, withBackend } from 'bullmq';
import { queueOptions, workerOptions } from './bullmq-options.ts';
import type { JobBackend } from './job-backend.ts';

const { Queue, Worker } = withBackend(createPostgresBackend);

/** What opens the pool of a process. */
export interface JobPoolOptions {
  /** `DATABASE_URL`. */
  readonly url: string;
  /** Queues that this process works on: each worker keeps one connection. */
  readonly workers: number;
}

/** The one pool of a process for all its job queues; whoever opens it closes it, after the queues. */
export function openJobPool({ url, workers }: JobPoolOptions): SharedPool {
  return openSharedPool({ url, role: 'bullmq_app', poolSize: poolSizes.jobs + workers });
}

/** Jobs on PostgreSQL; the schema must have been made (`migrateJobs`). `pool` stays the caller's. */
export function createPostgresJobBackend(pool: SharedPool): JobBackend {
  return {
    name: 'postgres',
    async ping() {
      await pool.query('SELECT 1');
    },
    async findUnfitness() {
      const version = await readVersion(pool);
      if (version >= LATEST_SCHEMA_VERSION) return undefined;
      return `Schema bullmq is at version ${version}, this version needs ${LATEST_SCHEMA_VERSION}: run the migrations first.`;
    },
    createProducer: (queue) => new Queue(queue, { connection: facadeOf(pool), ...queueOptions }),
    createRunner(queue, concurrency, processor) {
      const worker = new Worker(queue, processor, { connection: facadeOf(pool), ...workerOptions, concurrency });
      return Object.assign(worker, { wake: () => worker.getBackend().disconnectBlocking() });
    },
    close: async () => {},
  };
}

async function readVersion(pool: SharedPool): Promise<number> {
  try {
    const { rows } = await pool.query<{ version: number }>(
      'SELECT coalesce(max(version), 0) AS version FROM migration',
    );
    return rows[0]?.version ?? 0;
  } catch (error) {
    // No such table, no such role.
    if (hasCode(error, '42P01', '22023', '3F000')) return 0;
    throw error;
  }
}

/**
 * The pool as one BullMQ object sees it. Each would add a listener that nobody removes, and none may end what all share. An error
 * of the connection gets the code by which BullMQ knows one: at any other it tries again at once, thousands of times a second.
 */
function facadeOf(pool: SharedPool): PgPool {
  const facade = {
    options: pool.options,
    query: (text: string, values?: readonly unknown[]) =>
      pool.query(text, values ? [...values] : undefined).catch(throwAsAway),
    connect: () => pool.connect().catch(throwAsAway),
    end: async () => {},
    on: () => facade,
    removeAllListeners: () => facade,
  };
  return facade as unknown as PgPool;
}

/** SQLSTATE classes 08 (connection) and 57P (server stopping, starting), and what the system or `pg` says of a lost connection. */
const awayCode = /^(08...|57P..|53...|ECONN.*|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const awayText = /^(Connection terminated|timeout exceeded|Query read timeout|Client has encountered|timeout expired)/;

function throwAsAway(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const code = 'code' in error ? String(error.code) : '';
  if (!awayCode.test(code) && !awayText.test(error.message)) throw error;
  throw Object.assign(new Error(`PostgreSQL is away: ${error.message}`, { cause: error }), { code: 'ECONNREFUSED' });
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
