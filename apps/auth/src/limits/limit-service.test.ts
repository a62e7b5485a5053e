import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPageTokens, sql } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { createMemoryRateLimiter } from '@universal-api/limits';
import { create, type MessageInitShape } from '@universal-api/protos';
import {
  ExplainLimitRequestSchema,
  GetLimitsRequestSchema,
  ListLedgerRequestSchema,
  ListQuotasRequestSchema,
  SetBudgetRequestSchema,
  SetLimitOverrideRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { addKey, addTenant, changeKey, pepperText, ringOf, type HeldKey } from '../../test/auth-fixture.ts';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { createRecordAudit } from '../audit/record-audit.ts';
import { limitService } from './limit-service.ts';

const pageTokens = createPageTokens({ service: 'auth', keys: ringOf(pepperText(1)) });

let fixture: LedgerFixture;
let key: HeldKey;
let service: ReturnType<typeof serviceOf>;

function serviceOf(plus: Partial<Parameters<typeof limitService>[0]> = {}) {
  return limitService({
    database: fixture.database,
    rateOverrides: {},
    recordAudit: createRecordAudit(),
    pageTokens,
    newId,
    clock: () => fixture.clock.now,
    ...plus,
  });
}

beforeAll(async () => {
  fixture = await createLedgerFixture();
  key = await addKey(fixture.database, ringOf(pepperText(1)), {
    tenantId: await addTenant(fixture.database, 'starter'),
  });
  service = serviceOf();
}, 60_000);
afterAll(() => fixture.drop());

const as = (tenantId = key.tenantId, lineage: string | undefined = key.keyId) =>
  ({
    principal: {
      tid: tenantId,
      sub: lineage ?? newId(),
      typ: lineage ? 'key' : 'user',
      key: lineage,
      cip: '203.0.113.9',
    },
    requestId: 'request-1',
    callId: newId(),
  }) as unknown as CallContext;
const getLimits = async (rateClass?: string, context = as()) =>
  service.getLimits?.(create(GetLimitsRequestSchema, { rateClass }), context);
const override = async (policy: string, q: number, context = as()) =>
  service.setLimitOverride?.(create(SetLimitOverrideRequestSchema, { policy, q }), context);
const quotas = async (context = as()) =>
  (await service.listQuotas?.(create(ListQuotasRequestSchema), context))?.accounts ?? [];
const budget = async (accountId: string, limit: string, context = as()) =>
  service.setBudget?.(create(SetBudgetRequestSchema, { accountId, limit }), context);
const ledger = async (init: MessageInitShape<typeof ListLedgerRequestSchema>, context = as()) => {
  const page = await service.listLedger?.(create(ListLedgerRequestSchema, init), context);
  return {
    calls: page?.entries?.map(({ callId, kind }) => `${callId} ${kind}`) ?? [],
    next: page?.nextPageToken ?? '',
  };
};
const audited = (tenantId = key.tenantId) =>
  fixture.database.transaction(tenantId, async (tx) => {
    const { rows } = await sql<{ action: string; object: string; diff: unknown }>`
      SELECT action, object, diff FROM audit ORDER BY seq`.execute(tx);
    return rows;
  });

describe('GET /limits', () => {
  test('says what holds for the caller, and where each value comes from', async () => {
    await override('lookup-min', 200);
    await changeKey(fixture.database, key, { limits: JSON.stringify({ 'key-min': 5 }) });
    const answer = await getLimits('lookup');
    expect(answer?.plan).toBe('starter');
    expect(
      answer?.policies?.map(({ policy, q, windowS, source, partition }) => [policy, q, windowS, source, partition]),
    ).toEqual([
      ['key-min', 5, 60, 'key', 'key'],
      ['tenant-min', 3_000, 60, 'plan', 'tenant'],
      ['tenant-hour', 60_000, 3_600, 'plan', 'tenant'],
      ['lookup-min', 200, 60, 'tenant', 'key'],
      ['lookup-hour', 3_000, 3_600, 'plan', 'key'],
    ]);
    expect(answer?.policies?.[0]).not.toHaveProperty('r');
  });

  test('says how the buckets stand where they are shared', async () => {
    const buckets = createMemoryRateLimiter({ nowUs: () => 1_000_000 });
    const charge = { policy: 'key-min', partition: key.keyId, tenant: key.tenantId, q: 5, windowS: 60, cost: 2 };
    await buckets.decide([charge]);
    const looked = await serviceOf({ buckets }).getLimits?.(
      create(GetLimitsRequestSchema, { rateClass: 'lookup' }),
      as(),
    );
    expect(looked?.policies?.[0]).toMatchObject({ policy: 'key-min', r: 3, t: 12 });
    expect(looked?.policies?.[1]).toMatchObject({ policy: 'tenant-min', r: 3_000, t: 0 });
  });

  test('refuses an unknown class', async () => {
    await expect(getLimits('nothing')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('PUT /limits/overrides/{policy}', () => {
  test('goes up to what the plan gives, and 0 takes it away; both are audited', async () => {
    const tenantId = await addTenant(fixture.database, 'free');
    const context = as(tenantId);
    await expect(override('chat-min', 11, context)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await override('chat-min', 4, context)).toMatchObject({ q: 4, source: 'tenant' });
    expect(await override('chat-min', 10, context)).toMatchObject({ q: 10, source: 'tenant' });
    expect(await override('chat-min', 0, context)).toMatchObject({ q: 10, source: 'default' });
    expect((await audited(tenantId)).map(({ action, object, diff }) => [action, object, diff])).toEqual([
      ['limits.override_set', 'chat-min', { q: '4', before: 'none' }],
      ['limits.override_set', 'chat-min', { q: '10', before: '4' }],
      ['limits.override_set', 'chat-min', { q: 'none', before: '10' }],
    ]);
  });

  test('lowers even plan unlimited, where 0 lifts every limit', async () => {
    const context = as(await addTenant(fixture.database, 'unlimited'));
    expect(await override('chat-min', 7, context)).toMatchObject({ q: 7, source: 'tenant' });
    expect((await getLimits('chat', context))?.policies?.map(({ policy, q }) => [policy, q])).toEqual([
      ['chat-min', 7],
    ]);
    expect(await override('chat-min', 0, context)).toMatchObject({ q: 0, windowS: 60, source: 'plan' });
    expect((await getLimits('chat', context))?.policies).toEqual([]);
  });

  test.each(['login-pair', 'ip-min', 'no-such'])('does not touch %s', async (policy) => {
    await expect(override(policy, 1)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('GET /limits/explain', () => {
  const refuse = (requestId: string, at: string) =>
    fixture.ingest.instance((tx) =>
      sql`INSERT INTO limit_refusals (tenant_id, call_id, policy, request_id, key_id, q, window_s, cost, debt_s, slots, at)
          VALUES (${key.tenantId}, ${newId()}, 'lookup-min', ${requestId}, ${key.keyId}, 300, 60, 1, 60,
                  ARRAY[now() + interval '1 second'], now() - ${at}::interval)`.execute(tx),
    );
  const explain = async (requestId: string, context = as()) =>
    service.explainLimit?.(create(ExplainLimitRequestSchema, { requestId }), context);

  test('tells policy, cost, debt, slots, and under which plans it would have passed', async () => {
    await refuse('request-explained', '1 hour');
    const answer = await explain('request-explained');
    expect(answer).toMatchObject({
      policies: [{ policy: 'lookup-min', q: 300, windowS: 60, cost: 1, debtS: 60 }],
      wouldPass: { free: false, starter: false, pro: true, unlimited: true },
    });
    expect(answer?.policies?.[0]?.slots).toHaveLength(1);
  });

  test('knows nothing of other tenants, of what is older than a day, and of what was not refused', async () => {
    await refuse('request-yesterday', '25 hours');
    await expect(explain('request-explained', as(await addTenant(fixture.database)))).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(explain('request-yesterday')).rejects.toMatchObject({ code: 'not_found' });
    await expect(explain('request-fine')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('GET /quotas and PUT /budgets/{account_id}', () => {
  test('every tenant has its calls a day and its money a month, by its plan', async () => {
    const listed = (await quotas()).map(({ unit, period, limit, spent }) => [unit, period, limit, spent]);
    expect(listed).toEqual([
      ['calls', 'day', '1000', '0'],
      ['nano_usd', 'month', '', '0'],
    ]);
    const unlimited = await quotas(as(await addTenant(fixture.database, 'unlimited')));
    expect(unlimited.map(({ unit }) => unit)).toEqual(['nano_usd']);
  });

  test('a budget is set, holds, is audited and taken away', async () => {
    const money = (await quotas()).find(({ unit }) => unit === 'nano_usd')?.accountId ?? '';
    expect(await budget(money, '500')).toMatchObject({ limit: '500' });
    const reserve = {
      tenantId: key.tenantId,
      callId: newId(),
      amounts: new Map([[money, 501n]]),
      expiresAt: fixture.clock.now,
    };
    expect(await fixture.ledger.reserve(reserve)).toMatchObject({ reserved: false, exhausted: [money] });
    expect(await budget(money, '')).toMatchObject({ limit: '' });
    expect((await fixture.ledger.reserve(reserve)).reserved).toBe(true);
    expect((await audited()).slice(-2).map(({ action, diff }) => [action, diff])).toEqual([
      ['limits.budget_set', { limit: '500', before: 'none' }],
      ['limits.budget_set', { limit: 'none', before: '500' }],
    ]);
  });

  test('the calls of the plan are no budget, and foreign accounts are not there', async () => {
    const listed = await quotas();
    const [calls, money] = [listed[0]?.accountId ?? '', listed[1]?.accountId ?? ''];
    await expect(budget(calls, '5')).rejects.toMatchObject({ code: 'invalid_request' });
    const other = as(await addTenant(fixture.database));
    await expect(budget(money, '5', other)).rejects.toMatchObject({ code: 'not_found' });
    await expect(budget('x', '5')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('GET /ledger', () => {
  test('gives every booking in pages, newest first, and no tenant another’s', async () => {
    const tenantId = await addTenant(fixture.database);
    const context = as(tenantId);
    const account = await fixture.open({ tenantId, limit: null });
    const calls = [newId(), newId(), newId()];
    for (const callId of calls) {
      const amounts = new Map([[account, 5n]]);
      await fixture.ledger.reserve({ tenantId, callId, amounts, expiresAt: fixture.clock.now });
      await fixture.ledger.settle({ tenantId, callId, amounts });
    }
    const expected = calls.flatMap((call) => [`${call} reserve`, `${call} settle`]).reverse();
    const first = await ledger({ pageSize: 4 }, context);
    expect(first.calls).toEqual(expected.slice(0, 4));
    const second = await ledger({ pageSize: 4, pageToken: first.next }, context);
    expect(second).toEqual({ calls: expected.slice(4), next: '' });
    expect((await ledger({ accountId: account }, context)).calls).toEqual(expected);
    expect((await ledger({ accountId: account })).calls).toEqual([]);
    await expect(ledger({ pageToken: first.next })).rejects.toMatchObject({ code: 'page_token_invalid' });
  });
});
