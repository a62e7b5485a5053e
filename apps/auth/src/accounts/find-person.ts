import { sql, type Selectable, type Transaction } from '@universal-api/database';
import { systemTenantId } from '@universal-api/ids';
import type { Role } from '@universal-api/principal';
import type { AuthTables, UsersTable } from '../store/auth-tables.ts';
import { isEmail } from './people/email-address.ts';

/** A person, as stored. */
export type Person = Selectable<UsersTable>;

/** A place of a person in a tenant, as `auth.find_memberships` gives it. */
export interface Place {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly status: 'active' | 'suspended' | 'erasing';
  readonly plan: string;
  readonly credential_pool: string;
  readonly role: Role;
  /** RFC 3339. */
  readonly joined_at: string;
  /** Rate limits that the tenant has set for itself, by policy. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Who has this (folded) address; nobody has what is none, such as a text that PostgreSQL cannot hold. Works in any transaction. */
export async function findPersonByEmail(tx: Transaction<AuthTables>, email: string): Promise<Person | undefined> {
  if (!isEmail(email)) return undefined;
  const { rows } = await sql<Person>`SELECT * FROM auth.find_user_by_email(${email})`.execute(tx);
  return rows[0];
}

/** The person that the transaction acts for. */
export async function readPerson(tx: Transaction<AuthTables>, userId: string): Promise<Person | undefined> {
  return tx.selectFrom('users').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** Where a person belongs, oldest first. Works in any transaction. */
export async function findPlaces(tx: Transaction<AuthTables>, userId: string): Promise<readonly Place[]> {
  const { rows } = await sql<{ memberships: Place[] }>`SELECT * FROM auth.find_memberships(${userId})`.execute(tx);
  return rows[0]?.memberships ?? [];
}

/** Whose chain tells of what a person does outside of any tenant: that of their oldest one; without one the platform's. */
export async function findHomeTenant(tx: Transaction<AuthTables>, userId: string): Promise<string> {
  const [home] = await findPlaces(tx, userId);
  return home?.tenant_id ?? systemTenantId;
}
