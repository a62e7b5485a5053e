import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { LATEST_SCHEMA_VERSION } from 'bullmq';
import { bullmqSchemaVersion, jobMigrations, migrateJobs } from './migrate-jobs.ts';
import { createPostgresJobBackend, openJobPool } from './postgres-backend.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase({ schemas: [jobMigrations] });
}, 60_000);
afterAll(() => home.drop());

describe('the schema of jobs', () => {
  test('has the version of the BullMQ that is installed', () => {
    expect(bullmqSchemaVersion).toBe(LATEST_SCHEMA_VERSION);
  });

  test('a store without it ends the start with a sentence; four starters at once make it, as its owner', async () => {
    const pool = openJobPool({ url: home.url, workers: 0 });
    const backend = createPostgresJobBackend(pool);
    expect(await backend.findUnfitness()).toContain('run the migrations first');
    await Promise.all([1, 2, 3, 4].map(() => migrateJobs(home.url)));
    expect(await backend.findUnfitness()).toBeUndefined();
    await pool.close();
    const owners = await withClient(home.url, async (client) => {
      const { rows } = await client.query<{ owner: string }>(
        `SELECT DISTINCT relowner::regrole::text AS owner FROM pg_class WHERE relnamespace = 'bullmq'::regnamespace AND relkind = 'r'`,
      );
      return rows;
    });
    expect(owners).toEqual([{ owner: 'bullmq_owner' }]);
  });

  test('its role works on the tables and changes none of them', async () => {
    await migrateJobs(home.url);
    const pool = openJobPool({ url: home.url, workers: 0 });
    await pool.query('SELECT count(*) FROM job');
    await expect(pool.query('DROP TABLE job')).rejects.toThrow('must be owner');
    await expect(pool.query('CREATE SCHEMA other')).rejects.toThrow('permission denied');
    await pool.close();
  });
});
