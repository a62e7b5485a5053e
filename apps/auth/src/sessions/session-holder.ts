import type { Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import {
  isCredentialPool,
  isPlan,
  platformScopes,
  roleScopes,
  type CredentialPool,
  type Plan,
  type Role,
} from '@universal-api/principal';
import { findPlaces, readPerson } from '../accounts/find-person.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** A person in one of their tenants, and what holds for them there at this moment. */
export interface SessionHolder {
  readonly userId: string;
  readonly tenantId: string;
  readonly role: Role;
  readonly plan: Plan;
  readonly pool: CredentialPool;
  readonly scopes: readonly string[];
  /** Rate limits that the tenant has set for itself, by policy. */
  readonly limits: Readonly<Record<string, number>>;
}

/**
 * The person in the tenant wanted, else in the oldest of their tenants that is active; `undefined` where they are not active
 * themselves or belong nowhere. In a transaction that acts for this user.
 */
export async function findHolder(
  tx: Transaction<AuthTables>,
  userId: string,
  wantedTenant?: string,
): Promise<SessionHolder | undefined> {
  const person = await readPerson(tx, userId);
  if (person?.status !== 'active') return undefined;
  const places = (await findPlaces(tx, userId)).filter(({ status }) => status === 'active');
  const place = places.find(({ tenant_id }) => tenant_id === wantedTenant) ?? places[0];
  if (place === undefined) return undefined;
  const { tenant_id: tenantId, role, plan, credential_pool: pool, limits } = place;
  if (!isPlan(plan) || !isCredentialPool(pool)) {
    throw new AppError('internal', { internal: 'a tenant has a plan or pool that is unknown' });
  }
  const scopes = [...roleScopes[role], ...(person.operator ? platformScopes : [])];
  return { userId, tenantId, role, plan, pool, scopes, limits };
}

/** The refusal of somebody whose proof is right and who has nowhere to act. */
export function nowhereToAct(): AppError {
  return new AppError('permission_denied', { detail: 'You belong to no tenant that is active.' });
}
