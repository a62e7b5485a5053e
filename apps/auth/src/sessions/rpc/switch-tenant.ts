import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { fromPublicId, toPublicId } from '@universal-api/ids';
import type { MessageInitShape } from '@universal-api/protos';
import type { SwitchTenantRequest, TokenAnswerSchema } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { actingUser } from '../../access/acting-user.ts';
import { auditBy } from '../../access/audit-by.ts';
import { findHolder } from '../session-holder.ts';
import type { SessionParts } from '../session-parts.ts';
import { isSessionLive } from '../store/refresh-tokens.ts';

type Parts = Pick<SessionParts, 'database' | 'recordAudit' | 'issue' | 'clock'>;
type Answer = MessageInitShape<typeof TokenAnswerSchema>;

/**
 * An access token for another membership, in the same session, which acts there from then on: also after the next refresh.
 * The refresh token stays as it is.
 * Errors: `not_found` for a tenant that the user does not belong to or that is not active; `invalid_token` if the session is
 * over; `permission_denied` for a key.
 */
export function switchTenant(parts: Parts): (request: SwitchTenantRequest, context: CallContext) => Promise<Answer> {
  const { database, issue, recordAudit, clock } = parts;
  return async (request, context) => {
    const { userId, sessionId } = actingUser(context);
    const tenantId = fromPublicId('tenant', request.tenantId ?? '');
    if (tenantId === undefined) throw new AppError('not_found');
    const asOf = clock();
    const { holder, amr } = await database.asUser(userId, async (tx) => {
      const found = await findHolder(tx, userId, tenantId);
      if (found?.tenantId !== tenantId) throw new AppError('not_found');
      const session = await tx
        .updateTable('sessions')
        .set({ acts_in: tenantId })
        .where('session_id', '=', sessionId)
        .returning(['amr', 'revoked_at', 'idle_until', 'absolute_until'])
        .executeTakeFirst();
      if (session === undefined || !isSessionLive(session, clock())) {
        throw new AppError('invalid_token', { internal: 'the session is over' });
      }
      const change = {
        action: 'auth.tenant_switched',
        object: toPublicId('session', sessionId),
        outcome: 'ok',
      } as const;
      await recordAudit(tx, { ...auditBy(context), tenantId, ...change });
      return { holder: found, amr: session.amr };
    });
    const { text, expiresIn } = await issue({ ...holder, sessionId, amr }, asOf);
    return { accessToken: text, tokenType: 'bearer', expiresIn, sessionId: toPublicId('session', sessionId) };
  };
}
