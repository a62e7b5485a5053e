import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { intersectScopes, platformScopes, roleScopes, type Role } from '@universal-api/principal';
import type { AuthTables } from '../store/auth-tables.ts';
import { heldRole, rankOf } from './role-rank.ts';

/** Characters of a name, at most: as many as a row takes. */
const maxName = 64;

/** How the caller of a change stands in the tenant at this moment. */
export interface Standing {
  /** UUID. */
  readonly tenantId: string;
  /** The person, or the person behind the key; absent: a tenant's own key, or the installation's tools. */
  readonly userId: string | undefined;
  /** Public id of who it is: `usr_…`, `key_…` of the lineage, or `cli:…`. */
  readonly name: string;
  /** The role that bounds the caller: of the person, else owner. */
  readonly bound: Role;
  /** Scopes that hold now: nothing beyond them can be passed on. */
  readonly scopes: readonly string[];
  /** The highest role that these scopes make whole; absent: none. No higher one can be passed on. */
  readonly role: Role | undefined;
}

/**
 * Reads how the caller stands now, in the transaction of the change and not from what the credential said when it was made.
 * Errors: `permission_denied` for a person who is no member (any more), and for a key that has ended.
 */
export async function readStanding(
  tx: Transaction<AuthTables>,
  { principal }: Pick<CallContext, 'principal'>,
): Promise<Standing> {
  const tenantId = principal.tid;
  const userId = personOf(principal);
  if (principal.key !== undefined) await refuseEndedKey(tx, tenantId, principal.key);
  if (userId === undefined) {
    const name = principal.key === undefined ? principal.sub.slice(0, maxName) : toPublicId('key', principal.key);
    return { tenantId, userId, name, bound: 'owner', scopes: principal.scp, role: heldRole(principal.scp) };
  }
  const { rows } = await sql<{ role: Role; operator: boolean }>`
    SELECT m.role, u.operator FROM memberships m JOIN users u ON u.user_id = m.user_id
    WHERE m.tenant_id = ${tenantId} AND m.user_id = ${userId} AND u.status = 'active'`.execute(tx);
  const [found] = rows;
  if (found === undefined)
    throw new AppError('permission_denied', { detail: 'You do not belong to this tenant any more.' });
  const allowed = [...roleScopes[found.role], ...(found.operator ? platformScopes : [])];
  const scopes = intersectScopes(principal.scp, allowed);
  return { tenantId, userId, name: toPublicId('user', userId), bound: found.role, scopes, role: heldRole(scopes) };
}

/**
 * The same, and from here to the end of the transaction nobody else changes keys, members or invitations of this tenant:
 * what was decided by it still holds when it is written.
 */
export async function lockStanding(
  tx: Transaction<AuthTables>,
  context: Pick<CallContext, 'principal'>,
): Promise<Standing> {
  await lockTenant(tx, context.principal.tid);
  return readStanding(tx, context);
}

/** A gateway may remember an ended key for some seconds: long enough to make another one by it. */
async function refuseEndedKey(tx: Transaction<AuthTables>, tenantId: string, lineageId: string): Promise<void> {
  const { rows } = await sql<{ lives: boolean | null }>`
    SELECT bool_or((state = 'active' OR (state = 'rotated' AND overlap_until > now()))
                   AND coalesce(expires_at > now(), true)) AS lives
    FROM api_keys WHERE tenant_id = ${tenantId} AND lineage_id = ${lineageId}`.execute(tx);
  if (rows[0]?.lives === false) throw new AppError('permission_denied', { detail: 'This key has ended.' });
}

/** One at a time changes keys, members or invitations of this tenant (UUID); ends with the transaction. */
export async function lockTenant(tx: Transaction<AuthTables>, tenantId: string): Promise<void> {
  await sql`SELECT FROM tenants WHERE tenant_id = ${tenantId} FOR NO KEY UPDATE`.execute(tx);
}

/** The person behind a call, by token or by a key of theirs. */
function personOf(principal: CallContext['principal']): string | undefined {
  if (principal.typ === 'user') return principal.sub;
  return principal.typ === 'key' && principal.sub !== principal.key ? principal.sub : undefined;
}

/** Whether the caller works on the keys of everybody; else on their own alone (platform.md 1.2). */
export function managesAllKeys({ bound }: Pick<Standing, 'bound'>): boolean {
  return rankOf(bound) >= rankOf('admin');
}

/** Refuses to touch or to pass on a role that the caller does not hold whole. Errors: `permission_denied`. */
export function requireReach(standing: Pick<Standing, 'role'>, ...touched: readonly Role[]): void {
  const reach = standing.role === undefined ? -1 : rankOf(standing.role);
  const above = touched.find((role) => rankOf(role) > reach);
  if (above !== undefined)
    throw new AppError('permission_denied', { detail: `The role ${above} is beyond what you hold yourself.` });
}
