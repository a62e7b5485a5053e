import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { create, type MessageInitShape } from '@universal-api/protos';
import { LeaseRequestSchema, ReserveRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { createMetrics } from '@universal-api/telemetry';
import { addTenant } from '../../test/auth-fixture.ts';
import { append, createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { findBrokenAccounts } from './check-invariant.ts';
import { ledgerService } from './ledger-service.ts';
import { upkeepSteps } from './run-upkeep.ts';

let fixture: LedgerFixture;
let tenantId: string;

beforeAll(async () => {
  fixture = await createLedgerFixture();
}, 60_000);
afterAll(() => fixture.drop());
beforeEach(async () => {
  fixture.clock.now = new Date('2026-11-24T10:00:00Z');
  tenantId = await addTenant(fixture.database, 'free');
});

const later = (seconds: number) => new Date(fixture.clock.now.getTime() + seconds * 1_000);
const lease = (more: Partial<Parameters<LedgerFixture['ledger']['lease']>[0]> = {}) =>
  fixture.ledger.lease({ tenantId, holder: 'search 1', ...more });
const setPlan = (plan: string) =>
  fixture.database.transaction(tenantId, (tx) => tx.updateTable('tenants').set({ plan }).execute());
const calls = () =>
  fixture.database.transaction(tenantId, (tx) =>
    tx.selectFrom('quota_accounts').select(['spent', 'reserved', 'limit']).executeTakeFirstOrThrow(),
  );

describe('a lease', () => {
  test.each([
    ['free', 1],
    ['starter', 10],
    ['pro', 100],
  ])('of plan %s has %d of the day’s calls, for 30 s', async (plan, granted) => {
    await setPlan(plan);
    expect(await lease()).toEqual({
      unlimited: false,
      leaseId: expect.any(String),
      granted,
      until: later(30),
      resetsAt: new Date('2026-11-25T00:00:00Z'),
    });
    expect(await calls()).toMatchObject({ spent: 0n, reserved: BigInt(granted) });
  });

  test('is not needed on plan unlimited', async () => {
    await setPlan('unlimited');
    expect(await lease()).toEqual({ unlimited: true, granted: 0 });
  });

  test('gives back what was not used, to its own holder, once', async () => {
    await setPlan('starter');
    const { leaseId = '' } = await lease();
    await lease({ holder: 'search 2', before: { leaseId, unused: 10 }, wanted: 0 });
    expect(await calls()).toMatchObject({ spent: 0n, reserved: 10n });
    await expect(lease({ before: { leaseId, unused: 11 } })).rejects.toMatchObject({ code: 'invalid_request' });
    for (const unused of [7, 9]) await lease({ before: { leaseId, unused }, wanted: 0 });
    expect(await calls()).toMatchObject({ spent: 3n, reserved: 0n });
  });

  test('that is lost counts as spent, until its holder comes back after all', async () => {
    await setPlan('starter');
    const { leaseId = '' } = await lease();
    fixture.clock.now = later(91);
    await fixture.ledger.expireDue(100);
    expect(await calls()).toMatchObject({ spent: 10n, reserved: 0n });
    await lease({ before: { leaseId, unused: 4 }, wanted: 0 });
    expect(await calls()).toMatchObject({ spent: 6n, reserved: 0n });
    expect(await findBrokenAccounts(fixture.worker)).toEqual([]);
  });

  test('ends with the day', async () => {
    fixture.clock.now = new Date('2026-11-24T23:59:50Z');
    expect((await lease()).until).toEqual(new Date('2026-11-25T00:00:00Z'));
  });

  test('follows the plan: a smaller one has less left', async () => {
    await setPlan('pro');
    await lease();
    await setPlan('free');
    expect((await lease()).granted).toBe(0);
    expect(await calls()).toMatchObject({ limit: 100n, reserved: 100n });
  });
});

test('100 calls a day by 8 processes at once: 100 are let in, the rest is told of once', async () => {
  let granted = 0;
  await Promise.all(
    Array.from({ length: 8 }, async (_, process) => {
      const holder = `search ${process}`;
      let before: { leaseId: string; unused: number } | undefined;
      for (;;) {
        const answer = await lease({ holder, ...(before && { before }) });
        if (answer.granted === 0) return;
        granted += answer.granted;
        before = { leaseId: answer.leaseId ?? '', unused: 0 };
      }
    }),
  );
  expect(granted).toBe(100);
  const told = (await fixture.told(tenantId)).map(({ type, data }) => `${type} ${String(data['remaining_pct'])}`);
  expect(new Set(told).size).toBe(told.length);
  expect(told).toContain('quota.exhausted 0');
  expect(await findBrokenAccounts(fixture.worker)).toEqual([]);
}, 30_000);

describe('the service', () => {
  const service = () => ledgerService({ ledger: fixture.ledger, now: () => fixture.clock.now.getTime() });
  const context = {} as CallContext;
  const reserve = (init: MessageInitShape<typeof ReserveRequestSchema>) =>
    service().reserve?.(create(ReserveRequestSchema, { tenantId, callId: newId(), ...init }), context);

  test('leases calls', async () => {
    const request = create(LeaseRequestSchema, { tenantId, unit: 'calls', holder: 'search 1', leaseId: 'no lease' });
    expect(await service().lease?.(request, context)).toMatchObject({ unlimited: false, granted: 1 });
    const tokens = create(LeaseRequestSchema, { tenantId, unit: 'tokens', holder: 'search 1' });
    await expect(service().lease?.(tokens, context)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('reserves until 60 s after the deadline, and asks no account for nothing', async () => {
    const accountId = await fixture.open({ tenantId });
    expect(await reserve({ amounts: [{ accountId, amount: '0' }] })).toEqual({ reserved: true, exhausted: [] });
    expect(await reserve({ amounts: [{ accountId, amount: '7' }] })).toMatchObject({ reserved: true });
    expect(await reserve({ amounts: [{ accountId, amount: '94' }] })).toMatchObject({
      reserved: false,
      exhausted: [accountId],
    });
    fixture.clock.now = later(60);
    expect(await fixture.ledger.expireDue(100)).toBeGreaterThanOrEqual(1);
    expect(await fixture.standing(tenantId, accountId)).toMatchObject({ reserved: 0n });
  });

  test.each(['-1', '1.5', '', '1'.repeat(19), 'x'])('refuses the amount "%s"', async (amount) => {
    await expect(reserve({ amounts: [{ accountId: newId(), amount }] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('refuses an account that comes twice', async () => {
    const account = { accountId: await fixture.open({ tenantId }), amount: '1' };
    await expect(reserve({ amounts: [account, account] })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

test('upkeep ends what ran out, tells late refusals, names broken accounts, and forgets what is old', async () => {
  const { database, worker, ledger } = fixture;
  const metrics = createMetrics({ version: '0.0.0' });
  const steps = upkeepSteps({ ledger, database, worker, append, host: { log: silentLogger, metrics } });
  const accountId = await fixture.open({ tenantId });
  await ledger.reserve({
    tenantId,
    callId: newId(),
    amounts: new Map([[accountId, 5n]]),
    expiresAt: fixture.clock.now,
  });
  await fixture.ingest.instance((tx) =>
    sql`INSERT INTO limit_alerts (tenant_id, policy, key_id, q, window_s, untold, first_at, last_at, told_at)
        VALUES (${tenantId}, 'chat-min', ${newId()}, 10, 60, 4, now(), now(), now() - interval '6 minutes')`.execute(
      tx,
    ),
  );
  await fixture.ingest.instance((tx) =>
    sql`INSERT INTO limit_refusals (tenant_id, call_id, policy, request_id, q, window_s, cost, debt_s, at)
        VALUES (${tenantId}, ${newId()}, 'chat-min', 'request-old', 10, 60, 1, 60, now() - interval '25 hours')`.execute(
      tx,
    ),
  );
  await steps.sweep();
  expect(await fixture.standing(tenantId, accountId)).toMatchObject({ reserved: 0n });
  expect(await fixture.told(tenantId)).toMatchObject([{ type: 'rate_limit.exceeded', data: { refused: 4 } }]);
  await steps.check();
  const refusals = await database.transaction(tenantId, (tx) => tx.selectFrom('limit_refusals').selectAll().execute());
  expect(refusals).toEqual([]);
  expect((await metrics.expose()).text).toMatch(/^uapi_ledger_broken_accounts 0$/m);
});
