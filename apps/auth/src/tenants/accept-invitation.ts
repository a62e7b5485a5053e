import { createHash } from 'node:crypto';
import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { toPublicId } from '@universal-api/ids';
import type { Role } from '@universal-api/principal';
import type { RecordAudit } from '../audit/audit-entry.ts';
import { lockTenant } from '../access/standing.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { actAsTenant } from './tenant-rows.ts';

/** An invitation, as `auth.find_invitation` gives it. */
export interface FoundInvitation {
  readonly tenant_id: string;
  readonly inv_id: string;
  readonly email: string;
  readonly role: Role;
  readonly invited_by: string | null;
  readonly expires_at: Date;
  readonly tenant_status: string;
  readonly read_at: Date;
}

/** What is stored of the token of an invitation. */
export function hashInvitation(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/**
 * Makes a person a member by the token of an invitation, in a transaction of role `auth_app` that acts for that tenant from
 * then on; the invitation is used up. `email` has to be the address that was invited; who is a member already stays as they
 * are.
 * Errors: `invalid_grant` for a token that is unknown, expired, taken back, for somebody else, or of a tenant that does not
 * work: which of these is not said.
 */
export function createAcceptInvitation(recordAudit: RecordAudit) {
  return async function acceptInvitation(
    tx: Transaction<AuthTables>,
    token: string,
    { userId, email }: { readonly userId: string; readonly email: string },
  ): Promise<{ tenantId: string; role: Role }> {
    const seen = await requireInvitation(tx, token, email);
    const tenantId = seen.tenant_id;
    await actAsTenant(tx, tenantId);
    await lockTenant(tx, tenantId);
    // Only now nobody takes it back or lowers it any more.
    const invitation = await takeInvitation(tx, seen);
    const role = await join(tx, invitation, userId);
    const object = toPublicId('user', userId);
    const who = { tenantId, actor: userId, actorKind: 'user' } as const;
    await recordAudit(tx, { ...who, action: 'tenant.member.joined', object, outcome: 'ok', diff: { role } });
    return { tenantId, role };
  };
}

/**
 * The invitation of an address by its token, which stays good. Works in any transaction. Errors: `invalid_grant`, as for
 * accepting it.
 */
export async function requireInvitation(
  tx: Transaction<AuthTables>,
  token: string,
  email: string,
): Promise<FoundInvitation> {
  const seen = await findInvitation(tx, hashInvitation(token));
  if (seen === undefined || seen.email !== email.toLowerCase() || seen.tenant_status !== 'active')
    throw new AppError('invalid_grant');
  return seen;
}

async function findInvitation(tx: Transaction<AuthTables>, hash: Buffer): Promise<FoundInvitation | undefined> {
  const { rows } = await sql<FoundInvitation>`SELECT * FROM auth.find_invitation(${hash})`.execute(tx);
  const [found] = rows;
  return found !== undefined && found.expires_at > found.read_at ? found : undefined;
}

async function takeInvitation(tx: Transaction<AuthTables>, { tenant_id, inv_id }: FoundInvitation) {
  const { rows } = await sql<Pick<FoundInvitation, 'tenant_id' | 'role' | 'invited_by'>>`
    DELETE FROM invitations WHERE tenant_id = ${tenant_id} AND inv_id = ${inv_id}
    RETURNING tenant_id, role, invited_by`.execute(tx);
  const [taken] = rows;
  if (taken === undefined) throw new AppError('invalid_grant');
  return taken;
}

async function join(
  tx: Transaction<AuthTables>,
  { tenant_id: tenantId, role, invited_by: invitedBy }: Pick<FoundInvitation, 'tenant_id' | 'role' | 'invited_by'>,
  userId: string,
): Promise<Role> {
  const { rows } = await sql<{ role: Role }>`
    INSERT INTO memberships (tenant_id, user_id, role, invited_by) VALUES (${tenantId}, ${userId}, ${role}, ${invitedBy})
    ON CONFLICT (tenant_id, user_id) DO UPDATE SET role = memberships.role RETURNING role`.execute(tx);
  return rows[0]?.role ?? role;
}
