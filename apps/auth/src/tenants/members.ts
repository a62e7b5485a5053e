import { sql, type PageTokens, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { Role } from '@universal-api/principal';
import type { MessageInitShape } from '@universal-api/protos';
import type {
  ListMembersRequest,
  ListMembersResponseSchema,
  MemberSchema,
  RemoveMemberRequest,
  RemoveMemberResponseSchema,
  UpdateMemberRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import { cutPage, readPage } from '../access/read-page.ts';
import { isRole, rankOf, roles } from '../access/role-rank.ts';
import { lockStanding, requireReach } from '../access/standing.ts';
import { endKeys } from '../keys/end-keys.ts';
import type { ChangeParts } from '../keys/key-parts.ts';
import { listUnrevoked } from '../keys/key-rows.ts';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { endSessionsIn } from './end-sessions-in.ts';
import { listMemberRows, readMember, requireOtherOwner, toMemberMessage } from './member-rows.ts';

/** Who belongs to the caller's tenant, by date. Errors: `page_token_invalid`. */
export function listMembers({ database, pages }: Pick<ChangeParts, 'database'> & { readonly pages: PageTokens }) {
  return async (
    request: ListMembersRequest,
    { principal }: CallContext,
  ): Promise<MessageInitShape<typeof ListMembersResponseSchema>> => {
    const asked = readPage(pages, request, { list: 'tenant.list_members', tenantId: principal.tid });
    const [joinedAt, userId] = asked.after ?? [];
    const after = joinedAt === undefined || userId === undefined ? undefined : { joinedAt, userId };
    const rows = await database.transaction(principal.tid, (tx) =>
      listMemberRows(tx, principal.tid, { after, size: asked.size + 1 }),
    );
    const page = cutPage(pages, asked, rows, (row) => [row.joined, row.user_id]);
    return { members: page.rows.map(toMemberMessage), nextPageToken: page.nextPageToken };
  };
}

/**
 * Gives a member another role. Nobody gives a role, or takes one away, that they do not hold whole themselves, so an admin
 * neither makes nor unmakes an owner; the last owner stays one. Less than before holds within the revocation bound.
 * Errors: `not_found`, `permission_denied`, `conflict`, `fresh_proof_required`.
 */
export function updateMember(parts: ChangeParts) {
  return async (request: UpdateMemberRequest, context: CallContext): Promise<MessageInitShape<typeof MemberSchema>> => {
    const role = request.role ?? '';
    if (!isRole(role))
      throw new AppError('invalid_request', { errors: [{ field: 'role', rule: `one of ${roles.join(', ')}` }] });
    await parts.requireFreshProof(context);
    const { tid } = context.principal;
    return parts.database.transaction(tid, async (tx) => {
      const standing = await lockStanding(tx, context);
      const member = await readMember(tx, tid, request.userId);
      requireReach(standing, member.role, role);
      if (member.role === role) return toMemberMessage(member);
      await requireOtherOwner(tx, tid, member);
      await sql`
        UPDATE memberships SET role = ${role} WHERE tenant_id = ${tid} AND user_id = ${member.user_id}`.execute(tx);
      if (rankOf(role) < rankOf(member.role)) await lowerReach(tx, tid, member.user_id, role);
      const diff = { role, before: member.role };
      const object = request.userId ?? '';
      await parts.recordAudit(tx, {
        ...auditBy(context),
        action: 'tenant.member.changed',
        object,
        outcome: 'ok',
        diff,
      });
      return toMemberMessage({ ...member, role });
    });
  };
}

/**
 * Ends a membership, the keys of that person in this tenant, and their tokens for it. Errors: `not_found`; `conflict` for
 * the last owner; `permission_denied` for who holds less than that member; `fresh_proof_required`.
 */
export function removeMember(parts: ChangeParts) {
  return async (
    request: RemoveMemberRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof RemoveMemberResponseSchema>> => {
    await parts.requireFreshProof(context);
    const { tid } = context.principal;
    return parts.database.transaction(tid, async (tx) => {
      const standing = await lockStanding(tx, context);
      const member = await readMember(tx, tid, request.userId);
      requireReach(standing, member.role);
      await requireOtherOwner(tx, tid, member);
      const keyIds = await listUnrevoked(tx, tid, { owner: member.user_id });
      await endKeys(tx, tid, keyIds);
      await lowerReach(tx, tid, member.user_id);
      await endSessionsIn(tx, tid, member.user_id);
      await sql`DELETE FROM memberships WHERE tenant_id = ${tid} AND user_id = ${member.user_id}`.execute(tx);
      const diff = { role: member.role, revoked_keys: String(keyIds.length) };
      const object = request.userId ?? '';
      await parts.recordAudit(tx, {
        ...auditBy(context),
        action: 'tenant.member.removed',
        object,
        outcome: 'ok',
        diff,
      });
      return { revokedKeys: keyIds.length };
    });
  };
}

/** Ends tokens that say more than holds now, and takes back invitations that this person could not make any more. */
async function lowerReach(tx: Transaction<AuthTables>, tenantId: string, userId: string, role?: Role): Promise<void> {
  await appendRevocation(tx, { kind: 'user', id: `${userId}/${tenantId}` });
  const kept = role === undefined || rankOf(role) < rankOf('admin') ? [] : roles.slice(0, rankOf(role) + 1);
  await sql`
    DELETE FROM invitations
    WHERE tenant_id = ${tenantId} AND invited_by = ${userId} AND NOT role = ANY (${[...kept]}::text[])`.execute(tx);
}
