import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { newId, systemTenantId } from '@universal-api/ids';
import { create } from '@universal-api/protos';
import { ListMailOutboxRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { actionsOf, callBy, openTestAccounts, type TestAccounts } from '../../../test/accounts-fixture.ts';
import { accountService } from '../account-service.ts';
import { mailDependency } from './mail-dependency.ts';

let opened: TestAccounts;
beforeAll(async () => {
  opened = await openTestAccounts();
}, 30_000);
afterAll(() => opened.drop());

const lineage = newId();
const operator = callBy({ typ: 'key', sub: lineage, key: lineage, scp: ['platform:write'] });
const list = (request: { pageSize?: number; pageToken?: string } = {}, settings = {}) =>
  accountService(opened.join({ settings })).listMailOutbox(create(ListMailOutboxRequestSchema, request), operator);
const queue = (recipient: string, token: string, lifeMs = 60_000) =>
  opened.database.instance((tx) =>
    opened.join().queueMail(tx, { template: 'invitation', recipient, token, expiresAt: new Date(Date.now() + lifeMs) }),
  );
const stored = () => opened.worker.instance((tx) => tx.selectFrom('mail_outbox').selectAll().execute());

describe('mail that waits', () => {
  test('is listed oldest first, by pages, with links that work, and each look is on the chain of the platform', async () => {
    for (let at = 0; at < 5; at += 1) await queue(`p${at}@example.org`, `token-${at}`);
    const seen: (string | undefined)[] = [];
    let pageToken: string | undefined;
    do {
      const page = await list({ pageSize: 2, ...(pageToken === undefined ? {} : { pageToken }) });
      seen.push(...(page.mails ?? []).map(({ link }) => link));
      pageToken = page.nextPageToken || undefined;
    } while (pageToken !== undefined);
    expect(seen).toEqual([0, 1, 2, 3, 4].map((at) => `http://127.0.0.1:8000/dashboard/register#token=token-${at}`));
    expect(await actionsOf(opened.database, systemTenantId)).toEqual(Array(3).fill('auth.mail_outbox.read'));
    await expect(list({ pageToken: 'made up' })).rejects.toMatchObject({ code: 'page_token_invalid' });
  });

  test('has its token sealed, for its own row alone', async () => {
    const token = `sealed-${newId()}`;
    await queue('sealed@example.org', token);
    const rows = await stored();
    const texts = rows.map((row) => row.token ?? '');
    for (const form of [token, Buffer.from(token).toString('base64url'), Buffer.from(token).toString('hex')]) {
      expect(texts.join('\n')).not.toContain(form);
    }
    const [first, second] = rows;
    await opened.worker.instance((tx) =>
      tx
        .updateTable('mail_outbox')
        .set({ token: second?.token ?? null })
        .where('mail_id', '=', first?.mail_id ?? '')
        .execute(),
    );
    await expect(list()).rejects.toMatchObject({ code: 'internal' });
    await opened.worker.instance((tx) =>
      tx
        .updateTable('mail_outbox')
        .set({ token: first?.token ?? null })
        .where('mail_id', '=', first?.mail_id ?? '')
        .execute(),
    );
  });

  test('is said by deep health, which is worse while there is some; that there is no sender is said always', async () => {
    const { outbox } = opened.join();
    expect(await mailDependency(outbox).probe()).toEqual({ status: 'degraded', detailCode: 'no_sender_mail_waits' });
    const empty = { countWaiting: async () => 0 };
    expect(await mailDependency(empty).probe()).toEqual({ status: 'healthy', detailCode: 'no_sender' });
  });

  test('is shown by the product of one process alone', async () => {
    await expect(list({}, { showsOutbox: false })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('cannot be read, changed or removed by whoever serves requests', async () => {
    for (const statement of ['SELECT', 'DELETE'] as const) {
      const query = sql.raw(statement === 'SELECT' ? 'SELECT * FROM mail_outbox' : 'DELETE FROM mail_outbox');
      await expect(opened.database.instance((tx) => query.execute(tx))).rejects.toThrow(/permission denied/);
    }
    const accept = sql`UPDATE mail_outbox SET accepted_at = now()`;
    await expect(opened.database.instance((tx) => accept.execute(tx))).rejects.toThrow(/permission denied/);
  });
});

describe('what has ended', () => {
  test('is not listed, its token is erased, and long after its row is gone', async () => {
    const { outbox } = opened.join();
    await queue('expired@example.org', 'expired-token', -1);
    await queue('delivered@example.org', 'delivered-token');
    await queue('ancient@example.org', 'ancient-token', -31 * 86_400_000);
    await opened.worker.instance((tx) =>
      tx
        .updateTable('mail_outbox')
        .set({ accepted_at: new Date() })
        .where('recipient', '=', 'delivered@example.org')
        .execute(),
    );
    const { mails } = await list({ pageSize: 100 });
    expect(mails?.map(({ recipient }) => recipient)).not.toContain('expired@example.org');
    expect(mails?.map(({ recipient }) => recipient)).not.toContain('delivered@example.org');
    expect(await outbox.countWaiting()).toBe(mails?.length);
    expect(await outbox.clean()).toBe(3);
    expect(await outbox.clean()).toBe(0);
    const rows = new Map((await stored()).map(({ recipient, token }) => [recipient, token]));
    expect(rows.get('expired@example.org')).toBeNull();
    expect(rows.get('delivered@example.org')).toBeNull();
    expect(rows.has('ancient@example.org')).toBe(false);
    expect([...rows.values()].filter((token) => token !== null)).toHaveLength(mails?.length ?? 0);
  });
});

test('mail of a change that was not made does not wait', async () => {
  const before = (await stored()).length;
  const failing = opened.database.instance(async (tx) => {
    const mail = {
      template: 'invitation',
      recipient: 'no@example.org',
      token: 'no-token',
      expiresAt: new Date(),
    } as const;
    await opened.join().queueMail(tx, mail);
    throw new Error('the change fails');
  });
  await expect(failing).rejects.toThrow('the change fails');
  expect(await stored()).toHaveLength(before);
});
