import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { jobMigrations, migrateJobs } from '../src/index.ts';

/** A database with the schema of jobs; `drop` ends it. */
export async function createJobDatabase(): Promise<TestDatabase> {
  const home = await createTestDatabase({ schemas: [jobMigrations] });
  await migrateJobs(home.url);
  return home;
}
