import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { withClient } from '../with-client.ts';
import { ensureRoles } from './ensure-roles.ts';
import { prepareDatabase } from './prepare-database.ts';

let empty: TestDatabase;
// Roles are the cluster's, which other test files may share.
const tag = randomBytes(4).toString('hex');
const schema = `roles_${tag}`;
const plainLogin = `plain_${tag}`;

beforeAll(async () => {
  empty = await createTestDatabase({ schemas: [] });
}, 20_000);
afterAll(() => empty.drop());

const ask = (text: string, url = empty.url) =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);

const membershipsOf = (login: string) =>
  ask(`SELECT roleid::regrole::text AS role, bool_or(set_option) AS can_set, bool_or(inherit_option) AS inherits
       FROM pg_auth_members WHERE member = '${login}'::regrole AND roleid::regrole::text LIKE '${schema}%'
       GROUP BY 1 ORDER BY 1`);

const wanted = ['app', 'ingest', 'lookup', 'owner', 'worker'].map((kind) => ({
  role: `${schema}_${kind}`,
  can_set: true,
  inherits: false,
}));

describe('ok', () => {
  test('the login takes each role of a schema and inherits none, however many ask at once', async () => {
    await Promise.all([1, 2, 3].map(() => ensureRoles(empty.url, schema)));
    expect(await membershipsOf('uapi')).toEqual(wanted);
    const rights = await ask(
      `SELECT DISTINCT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname LIKE '${schema}%'`,
    );
    expect(rights).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false, rolcreaterole: false }]);
  });

  test('a grant that inherits is taken back', async () => {
    await ask(`GRANT ${schema}_app TO uapi WITH INHERIT TRUE`);
    expect((await membershipsOf('uapi'))[0]).toMatchObject({ role: `${schema}_app`, inherits: true });
    await ensureRoles(empty.url, schema);
    expect(await membershipsOf('uapi')).toEqual(wanted);
  });

  test('preparing twice keeps the database and sets the new password', async () => {
    const login = { login: `again_${tag}`, database: `again_${tag}` };
    const first = await prepareDatabase(empty.adminUrl, { ...login, password: "first'password" });
    await ask('CREATE TABLE public.kept (n int)', first);
    const second = await prepareDatabase(empty.adminUrl, { ...login, password: 'second password' });
    expect(
      await ask(
        'SELECT current_user::text AS me, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user',
        second,
      ),
    ).toEqual([{ me: login.login, rolsuper: false, rolcreaterole: true }]);
    expect(await ask('SELECT * FROM public.kept', second)).toEqual([]);
    await expect(ask('SELECT 1', first)).rejects.toThrow(/password authentication failed/);
    expect(new URL(second).password).not.toBe(new URL(first).password);
    await ask(`DROP DATABASE ${login.database}`, empty.adminUrl);
    await ask(`DROP ROLE ${login.login}`, empty.adminUrl);
  });
});

describe('a login without CREATEROLE', () => {
  let url: URL;
  beforeAll(async () => {
    await ask(`CREATE ROLE ${plainLogin} LOGIN PASSWORD 'plain'`, empty.adminUrl);
    url = new URL(empty.url);
    url.username = plainLogin;
    url.password = 'plain';
  });
  afterAll(() => ask(`DROP ROLE ${plainLogin}`, empty.adminUrl));

  test('is told the SQL for an administrator, and that SQL is all it takes', async () => {
    const error = await ensureRoles(url.href, schema).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!AppError.is(error)) throw new Error('not refused');
    expect(error.message).toContain(`The login role ${plainLogin} may not make the roles of schema ${schema}`);
    const statements = error.message.split('\n').filter((line) => line.startsWith('  '));
    expect(statements).toContain(`  GRANT ${schema}_app TO ${plainLogin} WITH INHERIT FALSE, SET TRUE;`);
    const sql = statements.join('\n').replace('<its database>', new URL(url).pathname.slice(1));
    await ask(sql, empty.adminUrl);
    await expect(ensureRoles(url.href, schema)).resolves.toBeUndefined();
    await ask(`DROP OWNED BY ${plainLogin}`, empty.adminUrl);
  });
});
