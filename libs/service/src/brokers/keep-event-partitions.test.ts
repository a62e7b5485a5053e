import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { eventsMigrations } from '@universal-api/events';
import { keepEventPartitions } from './keep-event-partitions.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase({ schemas: [eventsMigrations] });
}, 60_000);
afterAll(() => home.drop());

function listen() {
  const lines: unknown[] = [];
  const keep = (message: string) => void lines.push(message);
  return { lines, log: { info: keep, warn: keep } };
}

describe('the partitions of events', () => {
  test('that are missing are there again after a start', async () => {
    const missing = await withClient(home.adminUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT max(relname::text) AS name FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'events'::regnamespace AND relname ~ '^telemetry_[0-9]{8}$'`,
      );
      const name = rows[0]?.name ?? '';
      await client.query(`DROP TABLE events.${name}`);
      return name;
    });
    const { lines, log } = listen();
    await (await keepEventPartitions(home.url, log)).close();
    expect(lines).toEqual(['partitions created']);
    await withClient(home.adminUrl, async (client) => {
      const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS "isThere"', [`events.${missing}`]);
      expect(rows).toEqual([{ isThere: true }]);
    });
  });

  test('that cannot be kept keep nobody from starting, and it is said', async () => {
    const { lines, log } = listen();
    await (await keepEventPartitions('postgresql://nobody@127.0.0.1:1/none', log)).close();
    expect(lines).toEqual(['the partitions of events could not be kept']);
  });
});
