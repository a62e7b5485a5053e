import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { withClient } from '../with-client.ts';
import { ensureRoles } from './ensure-roles.ts';
import { grantRole } from './grant-role.ts';

// Roles are the cluster's, which other test files may share.
const tag = randomBytes(4).toString('hex');
const [of, to] = [`given_${tag}`, `taker_${tag}`];

let empty: TestDatabase;
beforeAll(async () => {
  empty = await createTestDatabase({ schemas: [] });
  for (const schema of [of, to]) await ensureRoles(empty.url, schema);
}, 20_000);
afterAll(() => empty.drop());

const ask = (text: string, url = empty.url) =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);

describe('a granted role', () => {
  test('gives its rights and cannot be taken, however often and by however many it is granted', async () => {
    await Promise.all([1, 2, 3].map(() => grantRole(empty.url, { kind: 'app', of, to })));
    const grants = await ask(
      `SELECT inherit_option AS inherits, set_option AS can_set FROM pg_auth_members
       WHERE roleid = '${of}_app'::regrole AND member = '${to}_app'::regrole`,
    );
    expect(grants).toEqual([{ inherits: true, can_set: false }]);
    const [rights] = await ask(
      `SELECT pg_has_role('${to}_app', '${of}_app', 'USAGE') AS app, pg_has_role('${to}_ingest', '${of}_app', 'USAGE') AS other`,
    );
    expect(rights).toEqual({ app: true, other: false });
  });

  test('is refused with the SQL for an administrator to a login that may not grant it', async () => {
    const plain = `plain_${tag}`;
    await ask(`CREATE ROLE ${plain} LOGIN PASSWORD 'plain'`, empty.adminUrl);
    const url = new URL(empty.url);
    url.username = plain;
    url.password = 'plain';
    await expect(grantRole(url.href, { kind: 'ingest', of, to })).rejects.toThrow(
      `GRANT ${of}_ingest TO ${to}_ingest WITH INHERIT TRUE, SET FALSE`,
    );
    await ask(`DROP ROLE ${plain}`, empty.adminUrl);
  });
});
