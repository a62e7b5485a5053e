import { afterAll, beforeAll } from '@jest/globals';
import type { SharedPool } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { createJobDatabase } from '../test/job-database.ts';
import { createBullmqJobQueue, createPostgresJobBackend, openJobPool } from './index.ts';
import { jobQueueContract } from './job-queue.contract.ts';

let home: TestDatabase;
let pool: SharedPool;
beforeAll(async () => {
  home = await createJobDatabase();
  pool = openJobPool({ url: home.url, workers: 4 });
}, 60_000);
afterAll(async () => {
  await pool.close();
  await home.drop();
});

jobQueueContract('BullMQ on PostgreSQL', () => ({
  createQueue: ({ drainMs = 5_000, ...options }) =>
    createBullmqJobQueue({ ...options, drainMs, backend: createPostgresJobBackend(pool) }),
}));
