import type { Database, Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { AuthTables } from '../../store/auth-tables.ts';
import { findHomeTenant, findPersonByEmail, readPerson, type Person } from '../find-person.ts';

/** A person before a password check. */
export interface PasswordHolder {
  readonly person: Person;
  /** PHC string; absent if they have no password. */
  readonly stored: string | undefined;
  /** Of this password: another one has another id, the same one hashed anew has not. */
  readonly credentialId: string | undefined;
  /** Whose chain tells of it. */
  readonly homeTenant: string;
}

/** Who is asked for where there is nobody, so that an unknown address causes the same statements as a known one. */
export const nobody = 'ffffffff-ffff-7fff-bfff-ffffffffffff';

/** Who has this folded address, if anybody; the same statements either way. Errors: those of `Database`. */
export async function findHolderByEmail(
  database: Database<AuthTables>,
  email: string,
): Promise<PasswordHolder | undefined> {
  const person = await database.instance((tx) => findPersonByEmail(tx, email));
  return readHolder(database, person, person?.user_id ?? nobody);
}

/** The same for a user by id. */
export async function findHolderById(
  database: Database<AuthTables>,
  userId: string,
): Promise<PasswordHolder | undefined> {
  const person = await database.asUser(userId, (tx) => readPerson(tx, userId));
  return readHolder(database, person, userId);
}

async function readHolder(database: Database<AuthTables>, person: Person | undefined, userId: string) {
  return database.asUser(userId, async (tx) => {
    const row = await tx
      .selectFrom('credentials')
      .select(['data', 'credential_id'])
      .where('user_id', '=', userId)
      .where('kind', '=', 'password')
      .executeTakeFirst();
    const homeTenant = await findHomeTenant(tx, userId);
    return person && { person, stored: row?.data, credentialId: row?.credential_id, homeTenant };
  });
}

/** Gives a person a password, in place of the one they had, in a transaction that acts for them. */
export async function putPassword(
  tx: Transaction<AuthTables>,
  { userId, phc, credentialId }: { readonly userId: string; readonly phc: string; readonly credentialId: string },
): Promise<void> {
  await tx
    .insertInto('credentials')
    .values({ credential_id: credentialId, user_id: userId, kind: 'password', data: phc })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'kind'])
        .where('kind', '<>', 'recovery')
        .doUpdateSet({ credential_id: credentialId, data: phc }),
    )
    .execute();
}

/**
 * Holds the password that was proved until the transaction (that acts for its user) ends: whoever gives another one waits, and
 * then sees what was begun with this one. Errors: `invalid_credentials` if there is another one already.
 */
export async function holdPassword(
  tx: Transaction<AuthTables>,
  { userId, credentialId }: { readonly userId: string; readonly credentialId: string },
): Promise<void> {
  const held = await tx
    .selectFrom('credentials')
    .select('credential_id')
    .where('user_id', '=', userId)
    .where('credential_id', '=', credentialId)
    .forShare()
    .executeTakeFirst();
  if (held === undefined) throw new AppError('invalid_credentials', { internal: 'the password was changed meanwhile' });
}

/** Puts a costlier hash of the same password in place of one that is still there. */
export async function replaceHash(
  database: Database<AuthTables>,
  { userId, from, to }: { readonly userId: string; readonly from: string; readonly to: string },
): Promise<void> {
  await database.asUser(userId, (tx) =>
    tx
      .updateTable('credentials')
      .set({ data: to })
      .where('user_id', '=', userId)
      .where('kind', '=', 'password')
      .where('data', '=', from)
      .execute(),
  );
}
