import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withClient, type Database } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { eventsMigrations, grantEventRights } from '@universal-api/events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventLogDependency } from './probe-event-log.ts';
import { postgresDependency } from './probe-postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'uapi-heartbeats-'));
let home: TestDatabase;
let app: Database<unknown>;
let reader: Database<unknown>;

beforeAll(async () => {
  const table = 'CREATE TABLE heartbeats (name text PRIMARY KEY, beat bigint NOT NULL, at timestamptz NOT NULL);';
  writeFileSync(join(folder, '0001-h.sql'), `${table} GRANT SELECT, INSERT, UPDATE ON heartbeats TO pulse_app;`);
  home = await createTestDatabase({
    schemas: [eventsMigrations, { schema: 'pulse', migrations: pathToFileURL(folder) }],
  });
  await grantEventRights(home.url, { consumers: ['pulse'] });
  app = home.database('pulse_app');
  reader = home.database('pulse_ingest');
}, 60_000);
afterAll(async () => {
  await home.drop();
  rmSync(folder, { recursive: true, force: true });
});

const asAdmin = (text: string) => withClient(home.adminUrl, (client) => client.query(text));

describe('PostgreSQL', () => {
  test('is well when a row was written and read, one row however often', async () => {
    const { probe } = postgresDependency(app);
    expect([await probe(), await probe()]).toEqual([undefined, undefined]);
    const { rows } = await asAdmin('SELECT name, beat::int FROM pulse.heartbeats');
    expect(rows).toEqual([{ name: 'deep', beat: 2 }]);
  });

  test('that takes reads alone is not well', async () => {
    await asAdmin('REVOKE INSERT ON pulse.heartbeats FROM pulse_app');
    await expect(postgresDependency(app).probe()).rejects.toThrow();
    await asAdmin('GRANT INSERT ON pulse.heartbeats TO pulse_app');
  });
});

describe('the log of events', () => {
  const append = (ago: string) =>
    asAdmin(`INSERT INTO events.log (topic, key, id, type, version, source, time, tenant_id, data) VALUES
      ('uapi.search.v1', 'k', gen_random_uuid(), 'search.completed', 1, 'search', now() - interval '${ago}', gen_random_uuid(), '{}')`);
  const probe = () => eventLogDependency(reader).probe();

  test('is well without readers, and while a reader is a little behind', async () => {
    await append('1 hour');
    expect(await probe()).toBeUndefined();
    await asAdmin(`INSERT INTO events.cursors (grp, source, xid, position, day, owner)
      SELECT 'relay', 'log', xid, position, day, 'test' FROM events.log`);
    await append('5 seconds');
    expect(await probe()).toBeUndefined();
  });

  test('is degraded once a reader has not read what is over a minute old', async () => {
    await append('2 minutes');
    await asAdmin(`UPDATE events.cursors SET xid = '0', position = 0`);
    expect(await probe()).toEqual({ status: 'degraded', detailCode: 'behind' });
    await asAdmin(`UPDATE events.cursors SET xid = pg_current_xact_id(), position = 0`);
    expect(await probe()).toBeUndefined();
  });
});
