import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { withClient } from '../with-client.ts';
import { checkSchema, pendingMigrations } from './check-schema.ts';
import { migrate } from './migrate.ts';

let empty: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'uapi-migrations-'));
const shelf = (schema: string) => ({ schema, migrations: pathToFileURL(folder) });
const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);

beforeAll(async () => {
  empty = await createTestDatabase({ schemas: [] });
  write(
    '0001-books.sql',
    `CREATE TABLE books (id int PRIMARY KEY);
     CREATE TABLE waits AS SELECT current_setting('lock_timeout') AS lock, current_user::text AS me;`,
  );
  write('0002-pages.sql', 'CREATE TABLE pages (id int PRIMARY KEY); INSERT INTO pages VALUES (1);');
}, 20_000);

afterAll(async () => {
  await empty.drop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (text: string, url = empty.url) =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!AppError.is(error)) throw new Error(`not refused: ${String(error)}`);
  return error.message;
}

describe('ok', () => {
  test('before the first migration an app alone is refused, and told which one is missing', async () => {
    expect(await pendingMigrations(empty.url, [shelf('shelf')])).toEqual([
      'shelf/0001-books.sql',
      'shelf/0002-pages.sql',
    ]);
    expect(await refusalOf(checkSchema(empty.url, [shelf('shelf')]))).toMatch(
      /older than this version: migration shelf\/0001-books.sql and 1 more is missing/,
    );
  });

  test('four starters at once apply each migration once', async () => {
    const done = await Promise.all([1, 2, 3, 4].map(() => migrate(empty.url, [shelf('shelf')])));
    expect(done.flat().sort()).toEqual(['shelf/0001-books.sql', 'shelf/0002-pages.sql']);
    const rows = await ask(`SELECT name, length(sha256) AS sha FROM shelf.migrations ORDER BY name`, empty.adminUrl);
    expect(rows).toEqual([
      { name: '0001-books.sql', sha: 64 },
      { name: '0002-pages.sql', sha: 64 },
    ]);
    await expect(checkSchema(empty.url, [shelf('shelf')])).resolves.toBeUndefined();
  });

  test('tables belong to the owner role, which nobody can be but by SET ROLE', async () => {
    const owners = await ask(`SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'shelf'`);
    expect(owners).toEqual([{ tableowner: 'shelf_owner' }]);
    await expect(ask('SELECT FROM shelf.books')).rejects.toThrow(/permission denied/);
  });

  test('a file runs as the owner, and waits 3 s for a lock at most', async () => {
    expect(await ask('SELECT * FROM shelf.waits', empty.adminUrl)).toEqual([{ lock: '3s', me: 'shelf_owner' }]);
  });
});

describe('refused', () => {
  beforeAll(async () => {
    await migrate(empty.url, [shelf('strict')]);
  });

  test('a file that fails changes nothing, and the next try goes on from there', async () => {
    write('0003-covers.sql', 'CREATE TABLE covers (id int); SELECT nothing FROM nowhere;');
    expect(await refusalOf(migrate(empty.url, [shelf('strict')]))).toMatch(
      /strict\/0003-covers.sql failed and changed nothing: relation "nowhere" does not exist/,
    );
    write('0003-covers.sql', 'CREATE TABLE covers (id int);');
    expect(await migrate(empty.url, [shelf('strict')])).toEqual(['strict/0003-covers.sql']);
  });

  test('a database that is newer than the files', async () => {
    rmSync(join(folder, '0003-covers.sql'));
    expect(await refusalOf(migrate(empty.url, [shelf('strict')]))).toMatch(
      /newer than this version: it has migration strict\/0003-covers/,
    );
    // A migration runs before the roll-out, and what still runs then has to go on.
    await expect(checkSchema(empty.url, [shelf('strict')])).resolves.toBeUndefined();
    write('0003-covers.sql', 'CREATE TABLE covers (id int);');
  });

  test('a file that was changed after it had been applied', async () => {
    write('0002-pages.sql', 'CREATE TABLE pages (id bigint PRIMARY KEY);');
    for (const call of [migrate, checkSchema]) {
      expect(await refusalOf(call(empty.url, [shelf('strict')]))).toMatch(
        /^Migration strict\/0002-pages.sql was changed after it had been applied/,
      );
    }
    write('0002-pages.sql', 'CREATE TABLE pages (id int PRIMARY KEY); INSERT INTO pages VALUES (1);');
  });

  test('a gap in the numbers', async () => {
    write('0009-late.sql', 'SELECT 1');
    expect(await refusalOf(migrate(empty.url, [shelf('strict')]))).toMatch(
      /strict\/0009-late.sql should be the one numbered 0004/,
    );
    rmSync(join(folder, '0009-late.sql'));
  });
});
