import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { newId } from '@universal-api/ids';
import fc from 'fast-check';
import { addTenant } from '../../test/auth-fixture.ts';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { findBrokenAccounts } from './check-invariant.ts';

let fixture: LedgerFixture;
let tenantId: string;

beforeAll(async () => {
  fixture = await createLedgerFixture();
  tenantId = await addTenant(fixture.database);
}, 60_000);
afterAll(() => fixture.drop());

const later = (seconds: number) => new Date(fixture.clock.now.getTime() + seconds * 1_000);
const reserve = (accountId: string, callId: string, amount: bigint) =>
  fixture.ledger.reserve({ tenantId, callId, amounts: new Map([[accountId, amount]]), expiresAt: later(60) });
const settle = (accountId: string, callId: string, amount: bigint) =>
  fixture.ledger.settle({ tenantId, callId, amounts: new Map([[accountId, amount]]) });
const kindsOf = (callId: string) =>
  fixture.database.transaction(tenantId, async (tx) => {
    const { rows } = await sql<{ kind: string; amount: bigint; assumed: boolean }>`
      SELECT kind, amount, assumed FROM quota_entries WHERE call_id = ${callId} ORDER BY entry_id`.execute(tx);
    return rows.map(({ kind, amount, assumed }) => `${kind} ${amount}${assumed ? ' assumed' : ''}`);
  });
/** An account of its own for each test: the subject tells them apart. */
const open = (limit: bigint | null, period: 'day' | 'month' | 'total' = 'month') =>
  fixture.open({ tenantId, scope: 'key', subject: newId(), limit, period });

describe('a call', () => {
  test('is reserved, settled, and the rest given back', async () => {
    const [account, call] = [await open(100n), newId()];
    expect(await reserve(account, call, 60n)).toEqual({ reserved: true, exhausted: [] });
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 0n, reserved: 60n });
    expect(await settle(account, call, 25n)).toEqual({ settled: true, overrun: [] });
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 25n, reserved: 0n });
    expect(await kindsOf(call)).toEqual(['reserve 60', 'settle 25', 'refund 35']);
  });

  test('holds on all accounts or on none', async () => {
    const [rich, poor, call] = [await open(100n), await open(10n), newId()];
    const amounts = new Map([
      [rich, 50n],
      [poor, 50n],
    ]);
    const answer = await fixture.ledger.reserve({ tenantId, callId: call, amounts, expiresAt: later(60) });
    expect(answer).toEqual({ reserved: false, exhausted: [poor], resetsAt: new Date('2026-12-01T00:00:00Z') });
    expect(await fixture.standing(tenantId, rich)).toMatchObject({ reserved: 0n });
    expect(await kindsOf(call)).toEqual([]);
  });

  test('that comes again is charged once', async () => {
    const [account, call] = [await open(100n), newId()];
    for (const _ of [1, 2, 3]) expect((await reserve(account, call, 60n)).reserved).toBe(true);
    expect((await settle(account, call, 40n)).settled).toBe(true);
    expect((await settle(account, call, 50n)).settled).toBe(false);
    expect((await reserve(account, call, 60n)).reserved).toBe(true);
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 40n, reserved: 0n });
  });

  test('that costs more than was reserved is booked whole, and told of', async () => {
    const [account, call] = [await open(100n), newId()];
    await reserve(account, call, 10n);
    expect(await settle(account, call, 12n)).toEqual({ settled: true, overrun: [account] });
    const told = (await fixture.told(tenantId)).filter(({ data }) => data['account_id'] === account);
    expect(told).toEqual([
      {
        type: 'ledger.overrun',
        tenantId,
        data: { account_id: account, call_id: call, unit: 'nano_usd', reserved: '10', settled: '12' },
      },
    ]);
  });

  test('of another tenant meets no account', async () => {
    const account = await open(100n);
    const other = await addTenant(fixture.database);
    const amounts = new Map([[account, 1n]]);
    const asOther = { tenantId: other, callId: newId(), amounts };
    await expect(fixture.ledger.reserve({ ...asOther, expiresAt: later(60) })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(fixture.ledger.settle(asOther)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a reservation that nobody settles', () => {
  test('is given back if no attempt was begun', async () => {
    const [account, call] = [await open(100n), newId()];
    await reserve(account, call, 60n);
    fixture.clock.now = later(61);
    expect(await fixture.ledger.expireDue(1_000)).toBeGreaterThanOrEqual(1);
    expect(await kindsOf(call)).toEqual(['reserve 60', 'expire 60']);
    expect(await fixture.ledger.markStarted({ tenantId, callId: call, amounts: new Map([[account, 1n]]) })).toBe(false);
    await expect(reserve(account, call, 60n)).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });

  test('is settled at the worst case of what was begun, and put right by the late settle', async () => {
    const [account, call] = [await open(100n), newId()];
    await reserve(account, call, 60n);
    expect(await fixture.ledger.markStarted({ tenantId, callId: call, amounts: new Map([[account, 30n]]) })).toBe(true);
    fixture.clock.now = later(61);
    await fixture.ledger.expireDue(1_000);
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 30n, reserved: 0n });
    expect((await settle(account, call, 21n)).settled).toBe(true);
    expect((await settle(account, call, 22n)).settled).toBe(false);
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 21n, reserved: 0n });
    expect(await kindsOf(call)).toEqual(['reserve 60', 'settle 30 assumed', 'refund 30', 'correct -9']);
  });
});

describe('a new period', () => {
  test('begins by the days of the zone, keeps what is reserved, and leaves the old bookings where they are', async () => {
    fixture.clock.now = new Date('2026-11-25T22:59:00Z');
    const [account, old, open1] = [await open(100n, 'day'), newId(), newId()];
    await fixture.database.transaction(tenantId, (tx) =>
      sql`UPDATE quota_accounts SET zone = 'Europe/Paris', period_start = '2026-11-24T23:00:00Z' WHERE account_id = ${account}`.execute(
        tx,
      ),
    );
    await reserve(account, old, 50n);
    await fixture.ledger.markStarted({ tenantId, callId: old, amounts: new Map([[account, 50n]]) });
    await reserve(account, open1, 50n);
    expect((await reserve(account, newId(), 1n)).resetsAt).toEqual(new Date('2026-11-25T23:00:00Z'));
    fixture.clock.now = later(62);
    await fixture.ledger.expireDue(1_000);
    // Both ended in the new day, one of them as spent.
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 50n, reserved: 0n });
    fixture.clock.now = later(24 * 3_600);
    expect((await reserve(account, newId(), 100n)).reserved).toBe(true);
    expect((await settle(account, old, 20n)).settled).toBe(true);
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 0n, reserved: 100n });
    expect(await findBrokenAccounts(fixture.worker)).toEqual([]);
  });
});

describe('quota.low and quota.exhausted', () => {
  test('are told once for each share and period, with what is left', async () => {
    const account = await open(100n);
    const told = async () =>
      (await fixture.told(tenantId))
        .filter(({ data }) => data['account_id'] === account)
        .map(({ type, data }) => `${type} ${String(data['remaining_pct'])} ${String(data['spent'])}`);
    const spend = async (amount: bigint) => {
      const call = newId();
      const { reserved } = await reserve(account, call, amount);
      if (reserved) await settle(account, call, amount);
    };
    for (const amount of [79n, 1n, 1n, 14n, 1n]) await spend(amount);
    expect(await told()).toEqual(['quota.low 20 80', 'quota.low 5 95']);
    // Less is left than the call needs.
    await spend(5n);
    await spend(5n);
    expect(await told()).toEqual(['quota.low 20 80', 'quota.low 5 95', 'quota.exhausted 0 96']);
    fixture.clock.now = new Date(fixture.clock.now.getTime() + 32 * 24 * 3_600_000);
    await spend(90n);
    expect((await told()).at(-1)).toBe('quota.low 20 90');
  });
});

describe('many at once, on one PostgreSQL', () => {
  test('T39 any interleaving keeps the sums, the limit, and one charge per call', async () => {
    const step = fc.record({
      kind: fc.constantFrom('reserve', 'settle', 'start', 'expire', 'reserve', 'settle'),
      call: fc.nat({ max: 5 }),
      amount: fc.bigInt({ min: 1n, max: 40n }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const accounts = [await open(100n), await open(70n)];
        const calls = Array.from({ length: 6 }, newId);
        const reservedBy = new Map<string, bigint>();
        const run = async ({ kind, call, amount }: (typeof steps)[number]) => {
          const callId = calls[call] ?? '';
          const amounts = new Map(accounts.map((account) => [account, amount]));
          if (kind === 'reserve') {
            const { reserved } = await fixture.ledger.reserve({
              tenantId,
              callId,
              amounts,
              expiresAt: fixture.clock.now,
            });
            if (reserved && !reservedBy.has(callId)) reservedBy.set(callId, amount);
          } else if (kind === 'settle') await fixture.ledger.settle({ tenantId, callId, amounts });
          else if (kind === 'start') await fixture.ledger.markStarted({ tenantId, callId, amounts });
          else await fixture.ledger.expireDue(100);
        };
        const ended = await Promise.allSettled(steps.map(run));
        for (const end of ended) {
          if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'deadline_exceeded' });
        }
        await fixture.ledger.expireDue(1_000);
        expect(await findBrokenAccounts(fixture.worker)).toEqual([]);
        for (const account of accounts) {
          const { reserved } = await fixture.standing(tenantId, account);
          expect(reserved).toBe(0n);
        }
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  test('40 calls of 7 on a limit of 100 let 14 in, each one charged once however often it comes', async () => {
    const account = await open(100n);
    const calls = Array.from({ length: 40 }, newId);
    const answers = await Promise.all(
      calls.flatMap((call) => [reserve(account, call, 7n), reserve(account, call, 7n)]),
    );
    expect(answers.filter(({ reserved }) => reserved)).toHaveLength(28);
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 0n, reserved: 98n });
    const held = calls.filter((_, index) => answers[index * 2]?.reserved);
    const settled = await Promise.all(held.flatMap((call) => [settle(account, call, 5n), settle(account, call, 5n)]));
    expect(settled.filter((one) => one.settled)).toHaveLength(14);
    expect(await fixture.standing(tenantId, account)).toMatchObject({ spent: 70n, reserved: 0n });
  });
});

test('the invariant check names an account whose sum was tampered with', async () => {
  const account = await open(100n);
  await reserve(account, newId(), 10n);
  await fixture.database.transaction(tenantId, (tx) =>
    sql`UPDATE quota_accounts SET spent = spent + 1 WHERE account_id = ${account}`.execute(tx),
  );
  expect(await findBrokenAccounts(fixture.worker)).toEqual([
    { tenantId, accountId: account, spent: 1n, reserved: 10n, settled: 0n, open: 10n },
  ]);
});
