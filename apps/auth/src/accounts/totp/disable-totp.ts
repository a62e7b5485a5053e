import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { DisableTotpRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { actingUser } from '../../access/acting-user.ts';
import type { AccountParts } from '../account-parts.ts';
import { recordAct } from '../record-act.ts';
import { removeTotp } from './factor-store.ts';

/** Turns the second factor off, with its recovery codes. Errors: `permission_denied` for a key; `fresh_proof_required`; `not_found`. */
export function disableTotp(parts: AccountParts) {
  return async (_request: DisableTotpRequest, context: CallContext): Promise<{ hasTotp: boolean }> => {
    const { userId, tenantId } = actingUser(context);
    await parts.requireFreshProof(context);
    await parts.database.asUser(userId, async (tx) => {
      if (!(await removeTotp(tx, userId))) throw new AppError('not_found', { detail: 'No second factor is on.' });
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.totp.disabled' });
    });
    return { hasTotp: false };
  };
}
