import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { fromPublicId, toPublicId } from '@universal-api/ids';
import type { Role } from '@universal-api/principal';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { MemberSchema } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import type { AuthTables } from '../store/auth-tables.ts';

/** A member of a tenant. */
export interface MemberRow {
  readonly user_id: string;
  readonly email: string;
  readonly username: string;
  readonly role: Role;
  readonly joined_at: Date;
}

const members = (tenantId: string) => sql`
  SELECT m.user_id, u.email, u.username, m.role, m.joined_at
  FROM memberships m JOIN users u ON u.user_id = m.user_id WHERE m.tenant_id = ${tenantId}`;

/** A page of members, oldest first; `after` is the date and user of the last one before. */
export async function listMemberRows(
  tx: Transaction<AuthTables>,
  tenantId: string,
  page: { readonly after: { readonly joinedAt: string; readonly userId: string } | undefined; readonly size: number },
): Promise<(MemberRow & { readonly joined: string })[]> {
  const later = page.after
    ? sql`AND (m.joined_at, m.user_id) > (${page.after.joinedAt}::timestamptz, ${page.after.userId}::uuid)`
    : sql``;
  // As text the date keeps its microseconds, without which a page would begin with rows that were shown.
  const { rows } = await sql<MemberRow & { readonly joined: string }>`
    SELECT l.*, l.joined_at::text AS joined FROM (${members(tenantId)} ${later}
      ORDER BY m.joined_at, m.user_id LIMIT ${page.size}) l ORDER BY l.joined_at, l.user_id`.execute(tx);
  return rows;
}

/** A member by their public id. Errors: `not_found`. */
export async function readMember(
  tx: Transaction<AuthTables>,
  tenantId: string,
  publicId: string | undefined,
): Promise<MemberRow> {
  const userId = fromPublicId('user', publicId ?? '');
  if (userId === undefined) throw new AppError('not_found');
  const { rows } = await sql<MemberRow>`${members(tenantId)} AND m.user_id = ${userId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new AppError('not_found');
  return row;
}

/** Refuses what would leave a tenant without an owner. Errors: `conflict`. */
export async function requireOtherOwner(
  tx: Transaction<AuthTables>,
  tenantId: string,
  leaving: MemberRow,
): Promise<void> {
  if (leaving.role !== 'owner') return;
  const { rows } = await sql`
    SELECT FROM memberships WHERE tenant_id = ${tenantId} AND role = 'owner' AND user_id <> ${leaving.user_id}
    LIMIT 1`.execute(tx);
  if (rows.length === 0) throw new AppError('conflict', { detail: 'A tenant keeps at least one owner.' });
}

/** The message of a member. */
export function toMemberMessage(row: MemberRow): MessageInitShape<typeof MemberSchema> {
  return {
    userId: toPublicId('user', row.user_id),
    email: row.email,
    username: row.username,
    role: row.role,
    joinedAt: timestampFromDate(row.joined_at),
  };
}
