import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { RenewRecoveryCodesRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { actingUser } from '../../access/acting-user.ts';
import type { AccountParts } from '../account-parts.ts';
import { recordAct } from '../record-act.ts';
import { readTotp } from './factor-store.ts';
import { issueRecoveryCodes } from './issue-recovery-codes.ts';

/** A new set of recovery codes, shown once; the old ones end. Errors: as for `disableTotp`. */
export function renewRecoveryCodes(parts: AccountParts) {
  return async (_request: RenewRecoveryCodesRequest, context: CallContext): Promise<{ codes: string[] }> => {
    const { userId, tenantId } = actingUser(context);
    await parts.requireFreshProof(context);
    return parts.database.asUser(userId, async (tx) => {
      const totp = await readTotp(tx, userId);
      if (!totp?.isConfirmed) throw new AppError('not_found', { detail: 'No second factor is on.' });
      const codes = await issueRecoveryCodes(parts, tx, userId);
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.recovery_codes.renewed' });
      return { codes };
    });
  };
}
