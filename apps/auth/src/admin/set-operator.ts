import { actAsUser } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { systemTenantId, toPublicId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { SetOperatorRequest, SetOperatorResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import { auditBy } from '../access/audit-by.ts';
import { findPersonByEmail, readPerson, type Person } from '../accounts/find-person.ts';
import { foldEmail } from '../accounts/people/email-address.ts';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AdminParts } from './admin-service.ts';

type Answer = MessageInitShape<typeof SetOperatorResponseSchema>;

/**
 * Makes a user an operator or takes that away; their access tokens end with it, since these say what they may do. A user who is
 * so already is left alone, and nothing is written. Errors: `not_found` for an address without an account; `conflict` for an
 * operator-to-be who is disabled or has not proved the address.
 */
export function setOperator({ database, recordAudit }: Pick<AdminParts, 'database' | 'recordAudit'>) {
  return (request: SetOperatorRequest, context: CallContext): Promise<Answer> =>
    database.instance(async (tx) => {
      const found = await findPersonByEmail(tx, foldEmail(request.email ?? ''));
      if (found === undefined) throw new AppError('not_found', { detail: 'Nobody has an account with this address.' });
      const userId = found.user_id;
      await actAsUser(tx, userId);
      await tx.selectFrom('users').select('user_id').where('user_id', '=', userId).forUpdate().execute();
      const before = (await readPerson(tx, userId)) ?? found;
      const operator = request.isOperator === true;
      if (before.operator === operator) return { user: toMessage(before), changed: false };
      if (operator) checkMayOperate(before);
      await tx.updateTable('users').set({ operator }).where('user_id', '=', userId).execute();
      await appendRevocation(tx, { kind: 'user', id: userId });
      await recordAudit(tx, {
        ...auditBy(context),
        tenantId: systemTenantId,
        action: operator ? 'platform.operator.made' : 'platform.operator.removed',
        object: toPublicId('user', userId),
        outcome: 'ok',
        ...(request.reason ? { reason: request.reason } : {}),
      });
      return { user: toMessage({ ...before, operator }), changed: true };
    });
}

function checkMayOperate({ status, email_verified_at: provedAt }: Person): void {
  if (status !== 'active') throw new AppError('conflict', { detail: `This user is ${status}.` });
  // Whoever registers an address that is not theirs must not become operator by it.
  if (provedAt === null) throw new AppError('conflict', { detail: 'This user has not proved the address yet.' });
}

function toMessage(person: Person): Answer['user'] {
  return {
    id: toPublicId('user', person.user_id),
    email: person.email,
    username: person.username,
    status: person.status,
    isOperator: person.operator,
    emailVerified: person.email_verified_at !== null,
    createdAt: timestampFromDate(person.created_at),
  };
}
