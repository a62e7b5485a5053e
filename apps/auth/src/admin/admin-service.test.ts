import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { systemTenantId, toPublicId } from '@universal-api/ids';
import { create } from '@universal-api/protos';
import {
  FindMailLinkRequestSchema,
  SetOperatorRequestSchema,
  VerifyLedgerRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import {
  actionsOf,
  callBy,
  openTestAccounts,
  readMailedToken,
  registerPerson,
  type TestAccounts,
} from '../../test/accounts-fixture.ts';
import { pepperText, ringOf } from '../../test/auth-fixture.ts';
import type { Accounts } from '../accounts/join-accounts.ts';
import { adminService } from './admin-service.ts';

let fixture: TestAccounts;
let accounts: Accounts;
let admin: ReturnType<typeof adminService>;
beforeAll(async () => {
  fixture = await openTestAccounts();
  accounts = fixture.join();
  const { database, worker } = fixture;
  const { recordAudit, dataKeys } = accounts;
  admin = adminService({ database, worker, recordAudit, dataKeys, baseUrl: 'https://api.example.org' });
}, 60_000);
afterAll(() => fixture.drop());

const cli = callBy({ typ: 'system', sub: 'cli:ada', tid: systemTenantId, scp: ['internal'] });
const setOperator = (email: string, isOperator: boolean, reason?: string) =>
  admin.setOperator(create(SetOperatorRequestSchema, { email, isOperator, ...(reason ? { reason } : {}) }), cli);
const findLink = (email: string) => admin.findMailLink(create(FindMailLinkRequestSchema, { email }), cli);

async function prove(userId: string): Promise<void> {
  await fixture.worker.instance((tx) =>
    sql`UPDATE users SET email_verified_at = now() WHERE user_id = ${userId}`.execute(tx),
  );
}

async function lastRow() {
  return fixture.database.transaction(systemTenantId, async (tx) => {
    const { rows } = await sql<Record<string, unknown>>`
      SELECT a.action, a.actor_kind, a.object, a.reason, w.actor FROM audit a
      JOIN audit_actors w ON w.tenant_id = a.tenant_id AND w.pseudonym = a.actor
      WHERE a.tenant_id = ${systemTenantId} ORDER BY a.seq DESC LIMIT 1`.execute(tx);
    return rows[0];
  });
}

async function revocationsOf(userId: string): Promise<number> {
  return fixture.database.instance(async (tx) => {
    const { rows } = await sql<{ count: bigint }>`
      SELECT count(*) AS count FROM revocations WHERE kind = 'user' AND id = ${userId}`.execute(tx);
    return Number(rows[0]?.count);
  });
}

describe('operators', () => {
  test('are made once, on the platform’s chain by whoever did it, and their tokens end', async () => {
    const { userId, email } = await registerPerson(accounts);
    await prove(userId);
    const first = await setOperator(email.toUpperCase(), true, 'runs the night shift');
    expect(first).toMatchObject({ changed: true, user: { isOperator: true, email } });
    const object = toPublicId('user', userId);
    const by = { actor: 'cli:ada', actor_kind: 'cli', object };
    expect(await lastRow()).toEqual({ ...by, action: 'platform.operator.made', reason: 'runs the night shift' });
    const rows = (await actionsOf(fixture.database, systemTenantId)).length;
    expect(await setOperator(email, true)).toMatchObject({ changed: false, user: { isOperator: true } });
    expect((await actionsOf(fixture.database, systemTenantId)).length).toBe(rows);
    expect(await setOperator(email, false)).toMatchObject({ changed: true, user: { isOperator: false } });
    expect(await lastRow()).toMatchObject({ ...by, action: 'platform.operator.removed' });
    expect(await revocationsOf(userId)).toBe(2);
  });

  test('are refused without an account, without a proved address, and while disabled', async () => {
    await expect(setOperator('nobody@example.org', true)).rejects.toMatchObject({ code: 'not_found' });
    const { userId, email } = await registerPerson(accounts);
    await expect(setOperator(email, true)).rejects.toMatchObject({ code: 'conflict' });
    await prove(userId);
    await fixture.worker.instance((tx) =>
      sql`UPDATE users SET status = 'disabled' WHERE user_id = ${userId}`.execute(tx),
    );
    await expect(setOperator(email, true)).rejects.toMatchObject({ code: 'conflict' });
    expect(await setOperator(email, false)).toMatchObject({ changed: false });
  });
});

describe('links', () => {
  test('the newest of an address is given, and each look is on the platform’s chain', async () => {
    const { email } = await registerPerson(accounts);
    await registerPerson(accounts);
    const token = await readMailedToken(accounts, email);
    expect(await findLink(email)).toMatchObject({
      template: 'verify_email',
      link: `https://api.example.org/dashboard/verify-email#token=${token}`,
    });
    expect(await lastRow()).toMatchObject({ action: 'auth.mail_outbox.read', actor: 'cli:ada', actor_kind: 'cli' });
    await fixture.database.instance((tx) =>
      accounts.queueMail(tx, {
        ...{ template: 'reset_password', recipient: email, token: 'newer' },
        expiresAt: new Date(Date.now() + 60_000),
      }),
    );
    expect(await findLink(email)).toMatchObject({ template: 'reset_password' });
  });

  test('one that has ended is not, nor one under a key that is gone', async () => {
    const { email } = await registerPerson(accounts);
    const { database, worker } = fixture;
    const other = { database, worker, recordAudit: accounts.recordAudit, baseUrl: 'https://api.example.org' };
    const stranger = adminService({ ...other, dataKeys: ringOf(pepperText(1)) });
    await expect(stranger.findMailLink(create(FindMailLinkRequestSchema, { email }), cli)).rejects.toThrow();
    await worker.instance((tx) =>
      sql`UPDATE mail_outbox SET expires_at = now() WHERE recipient = ${email}`.execute(tx),
    );
    await expect(findLink(email)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the ledger', () => {
  test('agrees, until a sum is changed behind its back', async () => {
    const { tenantId } = await registerPerson(accounts);
    const accountId = '01900000-0000-7000-8000-00000000000a';
    const verify = () => admin.verifyLedger(create(VerifyLedgerRequestSchema), cli);
    await fixture.database.transaction(tenantId, (tx) =>
      sql`INSERT INTO quota_accounts (tenant_id, account_id, scope, subject, unit, period, "limit", period_start)
          VALUES (${tenantId}, ${accountId}, 'tenant', '', 'nano_usd', 'month', 100, date_trunc('month', now()))`.execute(
        tx,
      ),
    );
    expect(await verify()).toEqual({ ok: true, checked: '1', broken: [] });
    await fixture.database.transaction(tenantId, (tx) =>
      sql`UPDATE quota_accounts SET spent = 7 WHERE account_id = ${accountId}`.execute(tx),
    );
    expect(await verify()).toMatchObject({
      ok: false,
      broken: [{ tenantId: toPublicId('tenant', tenantId), accountId, spent: '7', settled: '0' }],
    });
  });
});
