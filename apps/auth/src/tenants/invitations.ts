import { sql, type PageTokens, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { fromPublicId, toPublicId } from '@universal-api/ids';
import type { Role } from '@universal-api/principal';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type {
  CreateInvitationRequest,
  DeleteInvitationRequest,
  DeleteInvitationResponseSchema,
  InvitationSchema,
  ListInvitationsRequest,
  ListInvitationsResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import { cutPage, readPage } from '../access/read-page.ts';
import { isRole, roles } from '../access/role-rank.ts';
import { lockStanding, requireReach } from '../access/standing.ts';
import { foldEmail, isEmail } from '../accounts/people/email-address.ts';
import type { QueueMail } from '../accounts/mail/queue-mail.ts';
import type { ChangeParts } from '../keys/key-parts.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { hashInvitation } from './accept-invitation.ts';

/** How long an invitation is good, ms (platform.md 1.5). */
const lifeMs = 7 * 86_400_000;
/** Open invitations of a tenant, at most. */
const maxOpen = 100;
const tokenBytes = 32;

/** What inviting works with. */
export interface InvitationParts extends ChangeParts {
  readonly queueMail: QueueMail;
  readonly clock: () => number;
  /** The link that an invitation is accepted by, for its maker to hand on; absent: mail is really sent. */
  readonly linkOf: ((token: string) => string) | undefined;
}

interface InvitationRow {
  readonly inv_id: string;
  readonly email: string;
  readonly role: Role;
  readonly made_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

type InvitationMessage = MessageInitShape<typeof InvitationSchema>;

/** Invitations that wait, newest first. Errors: `page_token_invalid`. */
export function listInvitations({ database, pages }: Pick<ChangeParts, 'database'> & { readonly pages: PageTokens }) {
  return async (
    request: ListInvitationsRequest,
    { principal }: CallContext,
  ): Promise<MessageInitShape<typeof ListInvitationsResponseSchema>> => {
    const asked = readPage(pages, request, { list: 'tenant.list_invitations', tenantId: principal.tid });
    const [after] = asked.after ?? [];
    const older = after === undefined ? sql`` : sql`AND inv_id < ${after}::uuid`;
    const { rows } = await database.transaction(principal.tid, (tx) =>
      sql<InvitationRow>`
        SELECT inv_id, email, role, made_by, created_at, expires_at FROM invitations
        WHERE tenant_id = ${principal.tid} AND expires_at > now() ${older} ORDER BY inv_id DESC LIMIT ${asked.size + 1}`.execute(
        tx,
      ),
    );
    const page = cutPage(pages, asked, rows, (row) => [row.inv_id]);
    return { invitations: page.rows.map(toInvitationMessage), nextPageToken: page.nextPageToken };
  };
}

/**
 * Invites an address, in the transaction given; mail with the token waits from then on. What is kept of the answer for a
 * repeated call has no `link`.
 * Errors: `invalid_request`; `already_exists` for a member or an address that is invited; `conflict` at 100 open ones;
 * `permission_denied` for a role that the caller does not hold whole.
 */
export async function makeInvitation(
  parts: InvitationParts,
  tx: Transaction<AuthTables>,
  request: CreateInvitationRequest,
  context: CallContext,
): Promise<InvitationMessage> {
  const { email, role } = readWanted(request);
  const { tid } = context.principal;
  const standing = await lockStanding(tx, context);
  requireReach(standing, role);
  await requireRoom(tx, tid, email);
  const token = Buffer.from(parts.randomBytes(tokenBytes)).toString('base64url');
  const row: InvitationRow = {
    inv_id: parts.newId(),
    email,
    role,
    made_by: standing.name,
    created_at: new Date(parts.clock()),
    expires_at: new Date(parts.clock() + lifeMs),
  };
  const invitedBy = standing.userId ?? null;
  const hidden = { tenant_id: tid, token_hash: hashInvitation(token), invited_by: invitedBy };
  await tx
    .insertInto('invitations')
    .values({ ...row, ...hidden })
    .execute();
  await parts.queueMail(tx, { template: 'invitation', recipient: email, token, expiresAt: row.expires_at });
  const object = toPublicId('invitation', row.inv_id);
  const diff = { role };
  await parts.recordAudit(tx, {
    ...auditBy(context),
    action: 'tenant.invitation.created',
    object,
    outcome: 'ok',
    diff,
  });
  return { ...toInvitationMessage(row), link: parts.linkOf?.(token) };
}

/** Takes an invitation back; its link is good for nothing from then on. Errors: `not_found`. */
export function deleteInvitation({ database, recordAudit }: Pick<ChangeParts, 'database' | 'recordAudit'>) {
  return (
    request: DeleteInvitationRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof DeleteInvitationResponseSchema>> =>
    database.transaction(context.principal.tid, async (tx) => {
      const invId = fromPublicId('invitation', request.invitationId ?? '');
      if (invId === undefined) throw new AppError('not_found');
      const { rows } = await sql<{ email: string }>`
        DELETE FROM invitations WHERE tenant_id = ${context.principal.tid} AND inv_id = ${invId}
        RETURNING email`.execute(tx);
      const [deleted] = rows;
      if (deleted === undefined) throw new AppError('not_found');
      const object = toPublicId('invitation', invId);
      await recordAudit(tx, { ...auditBy(context), action: 'tenant.invitation.deleted', object, outcome: 'ok' });
      return { message: `The invitation of ${deleted.email} is taken back.` };
    });
}

function readWanted(request: CreateInvitationRequest): { email: string; role: Role } {
  const email = foldEmail(request.email ?? '');
  if (!isEmail(email)) throw new AppError('invalid_request', { errors: [{ field: 'email', rule: 'an address' }] });
  const role = request.role ?? '';
  if (isRole(role)) return { email, role };
  throw new AppError('invalid_request', { errors: [{ field: 'role', rule: `one of ${roles.join(', ')}` }] });
}

async function requireRoom(tx: Transaction<AuthTables>, tenantId: string, email: string): Promise<void> {
  await sql`DELETE FROM invitations WHERE tenant_id = ${tenantId} AND expires_at <= now()`.execute(tx);
  const { rows } = await sql<{ member: boolean; invited: boolean; open: bigint }>`
    SELECT EXISTS (SELECT FROM memberships m JOIN users u ON u.user_id = m.user_id
                   WHERE m.tenant_id = ${tenantId} AND u.email = ${email}) AS member,
           EXISTS (SELECT FROM invitations WHERE tenant_id = ${tenantId} AND email = ${email}) AS invited,
           (SELECT count(*) FROM invitations WHERE tenant_id = ${tenantId}) AS open`.execute(tx);
  const [found] = rows;
  if (found?.member) throw new AppError('already_exists', { detail: 'This address belongs to a member.' });
  if (found?.invited) throw new AppError('already_exists', { detail: 'This address is invited already.' });
  if ((found?.open ?? 0n) >= BigInt(maxOpen))
    throw new AppError('conflict', { detail: `A tenant has at most ${maxOpen} open invitations.` });
}

function toInvitationMessage(row: InvitationRow): InvitationMessage {
  return {
    id: toPublicId('invitation', row.inv_id),
    email: row.email,
    role: row.role,
    invitedBy: row.made_by,
    createdAt: timestampFromDate(row.created_at),
    expiresAt: timestampFromDate(row.expires_at),
  };
}
