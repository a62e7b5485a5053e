import type { Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { RandomBytes } from '@universal-api/principal';
import type { AuthTables } from '../../store/auth-tables.ts';
import { localPartOf } from './email-address.ts';
import { findPersonByEmail, type Person } from '../find-person.ts';

/** A person to be stored. */
export interface NewPerson {
  readonly userId: string;
  /** Folded. */
  readonly email: string;
  /** Absent: made of the address. */
  readonly username?: string;
  readonly randomBytes: RandomBytes;
}

const longestName = 32;
const shortestName = 3;
/** Names made of an address that are tried before giving up: with the second one, chance alone decides. */
const tries = 4;

/**
 * Stores a person, in a transaction that acts for them. Errors: `already_exists` for a taken address, then for a taken name.
 */
export async function addPerson(tx: Transaction<AuthTables>, person: NewPerson): Promise<Person> {
  const { email, username } = person;
  for (let turn = 0; turn < tries; turn += 1) {
    const added = await tx
      .insertInto('users')
      .values({ user_id: person.userId, email, username: username ?? nameFor(person, turn) })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (added !== undefined) return added;
    if ((await findPersonByEmail(tx, email)) !== undefined)
      throw taken('email', 'There is an account with this address.');
    if (username !== undefined) break;
  }
  throw taken('username', 'This name is taken. Choose another.');
}

/** The refusal of a name or an address that somebody has. */
export function taken(field: 'email' | 'username', detail: string): AppError {
  return new AppError('already_exists', { detail, errors: [{ field, rule: 'taken' }] });
}

/** A name made of an address: its letters and digits, then, if that is taken, with a random end. */
export function nameFor({ email, randomBytes }: Pick<NewPerson, 'email' | 'randomBytes'>, turn: number): string {
  const plain = localPartOf(email)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]/g, '')
    .replace(/^[._-]+/, '');
  const end = turn === 0 ? '' : `-${Buffer.from(randomBytes(4)).toString('hex')}`;
  const stem = plain.length < shortestName ? `user${plain}` : plain;
  return `${stem.slice(0, longestName - end.length)}${end}`;
}
