import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { toPayloadJson, requestCompleted, type Event } from '@universal-api/events';
import { defaultTenantId, newId, systemTenantId } from '@universal-api/ids';
import { addKey, addTenant, pepperText, ringOf, type HeldKey } from '../../test/auth-fixture.ts';
import { append, createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { takeInUsage } from './take-in-usage.ts';

const usage = takeInUsage(append);
let fixture: LedgerFixture;
let key: HeldKey;

beforeAll(async () => {
  fixture = await createLedgerFixture();
  key = await addKey(fixture.database, ringOf(pepperText(1)), { tenantId: await addTenant(fixture.database) });
}, 60_000);
afterAll(() => fixture.drop());

const refusal = (policy: string) => `${policy} q=2 w=60 c=1 d=60000000 t=30000000`;
function completed(at: string, data: object = {}, tenantId = key.tenantId): Event {
  const { example } = requestCompleted;
  return {
    id: newId(),
    type: requestCompleted.name,
    version: 1,
    topic: 'uapi.telemetry.v1',
    key: tenantId,
    source: 'urn:uapi:gateway',
    time: new Date(at),
    tenantId,
    position: 1n,
    channels: [],
    isTest: false,
    data: toPayloadJson(requestCompleted, { ...example, callId: newId(), keyLineage: key.keyId, ...data }),
  };
}
const take = (...events: Event[]) => fixture.ingest.instance((tx) => usage.handle(tx, events));
const lastUse = () =>
  fixture.database.transaction(key.tenantId, async (tx) => {
    const row = await tx
      .selectFrom('api_keys')
      .select('last_used_at')
      .where('key_id', '=', key.keyId)
      .executeTakeFirst();
    return row?.last_used_at?.toISOString();
  });
const refusalsOf = (tenantId: string) =>
  fixture.database.transaction(tenantId, (tx) =>
    tx.selectFrom('limit_refusals').selectAll().orderBy('policy').execute(),
  );

test('the last use of a key is noted at most once a minute, and never goes back', async () => {
  await take(completed('2026-11-24T10:00:10Z'), completed('2026-11-24T10:00:00Z'));
  expect(await lastUse()).toBe('2026-11-24T10:00:10.000Z');
  await take(completed('2026-11-24T10:01:09Z'), completed('2026-11-24T09:00:00Z'));
  expect(await lastUse()).toBe('2026-11-24T10:00:10.000Z');
  await take(completed('2026-11-24T10:01:10Z'));
  expect(await lastUse()).toBe('2026-11-24T10:01:10.000Z');
});

test('a refused call is kept with each policy, its cost, debt and slots, once however often it comes', async () => {
  const event = completed('2026-11-24T11:00:00Z', {
    requestId: 'request-1',
    refusals: [refusal('course-min'), refusal('key-min'), 'not a refusal'],
  });
  await take(event);
  await take(event);
  const rows = await refusalsOf(key.tenantId);
  expect(rows.map(({ policy }) => policy)).toEqual(['course-min', 'key-min']);
  expect(rows[0]).toMatchObject({
    request_id: 'request-1',
    key_id: key.keyId,
    q: 2,
    window_s: 60,
    cost: 1,
    debt_s: 60,
    slots: [new Date('2026-11-24T11:00:30Z'), new Date('2026-11-24T11:01:00Z')],
    at: new Date('2026-11-24T11:00:00Z'),
  });
});

test('a call of nobody leaves no row; one of an anonymous caller does', async () => {
  const data = { keyLineage: undefined, refusals: [refusal('ip-min')] };
  await take(completed('2026-11-24T11:00:00Z', data, systemTenantId));
  await take(completed('2026-11-24T11:00:00Z', data, defaultTenantId));
  expect(await refusalsOf(systemTenantId)).toEqual([]);
  expect(await refusalsOf(defaultTenantId)).toMatchObject([{ policy: 'ip-min', key_id: null }]);
});

test('rate_limit.exceeded is told once per policy, key and 5 minutes, with what was refused since', async () => {
  const tenantId = await addTenant(fixture.database);
  const refused = (at: string, policy = 'chat-min') => completed(at, { refusals: [refusal(policy)] }, tenantId);
  const age = () =>
    fixture.ingest.instance((tx) =>
      sql`UPDATE limit_alerts SET told_at = told_at - interval '5 minutes' WHERE tenant_id = ${tenantId}`.execute(tx),
    );
  const told = async () =>
    (await fixture.told(tenantId)).map(({ data }) => `${String(data['policy'])} ${String(data['refused'])}`);
  await take(
    refused('2026-11-24T12:00:00Z'),
    refused('2026-11-24T12:00:02Z'),
    refused('2026-11-24T12:00:01Z', 'key-min'),
  );
  expect(await told()).toEqual(['chat-min 2', 'key-min 1']);
  await take(refused('2026-11-24T12:00:03Z'));
  await take(refused('2026-11-24T12:00:05Z'));
  expect(await told()).toHaveLength(2);
  await age();
  await take(refused('2026-11-24T12:05:00Z'));
  expect((await fixture.told(tenantId)).at(-1)).toEqual({
    type: 'rate_limit.exceeded',
    tenantId,
    data: {
      policy: 'chat-min',
      key_id: key.keyId,
      window_s: 60,
      limit: 2,
      refused: 3,
      first_at: '2026-11-24T12:00:03.000Z',
      last_at: '2026-11-24T12:05:00.000Z',
    },
  });
});
