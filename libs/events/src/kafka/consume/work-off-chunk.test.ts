import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { createEventFixture, type EventFixture } from '../../../test/event-fixture.ts';
import { readRecord } from './read-record.ts';
import { setRecordAside, workOffChunk } from './work-off-chunk.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

test('a record whose headers PostgreSQL cannot hold is at fault itself, and is set aside without them', async () => {
  const place = { topic: 'x.search.v1', partition: 3, offset: '17', timestamp: '0' };
  const record = readRecord('uapi.search.v1', place, {
    ...{ key: Buffer.from('key'), value: Buffer.from('{}'), timestamp: '0', attributes: 0, offset: '17' },
    // Half of a pair of surrogates, which its JSON does not take.
    headers: { '\ud800': 'odd' },
  });
  const parts = {
    database: fixture.ingest,
    subscription: { group: 'odd', topics: ['uapi.search.v1'] as const, handle: async () => {} },
  };
  expect(await workOffChunk(parts, [record])).toMatchObject({ kind: 'failed', isStorage: false });
  expect(await setRecordAside(parts, record, record.error)).toMatchObject({ reason: 'no_ce_headers' });
  const { rows } = await fixture.ingest.instance((tx) =>
    sql`SELECT key, headers, bytes, origin FROM events.dead_letters WHERE consumer = 'odd'`.execute(tx),
  );
  const origin = { source: 'kafka', topic: 'x.search.v1', partition: 3, offset: '17' };
  expect(rows).toEqual([{ key: 'key', headers: {}, bytes: Buffer.from('{}'), origin }]);
});
