import type { Transaction } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { ConfirmTotpRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { actingUser } from '../../access/acting-user.ts';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { AccountParts } from '../account-parts.ts';
import { recordAct } from '../record-act.ts';
import { required } from '../required.ts';
import { readTotp, takeTotpStep } from './factor-store.ts';
import { issueRecoveryCodes } from './issue-recovery-codes.ts';
import { findTotpStep } from './totp-codes.ts';
import { tryCode, wrongCode } from './try-code.ts';

/**
 * Turns the second factor on with a first code; gives the recovery codes, once.
 * Errors: `permission_denied` for a key; `fresh_proof_required`; `invalid_credentials` for a wrong code, and when nothing waits to
 * be confirmed; `quota_exceeded` after five tries in 15 minutes.
 */
export function confirmTotp(parts: AccountParts) {
  return async (request: ConfirmTotpRequest, context: CallContext): Promise<{ codes: string[] }> => {
    const { userId, tenantId } = actingUser(context);
    await parts.requireFreshProof(context);
    const code = required(request.code, 'code');
    const confirm = async (tx: Transaction<AuthTables>) => {
      const stored = await readTotp(tx, userId);
      if (stored === undefined || stored.isConfirmed) throw wrongCode();
      const { sealed } = stored;
      const step = findTotpStep(parts.totpSecrets.open(sealed, userId), code, parts.now());
      if (step === undefined || !(await takeTotpStep(tx, { userId, sealed, step, confirms: true }))) throw wrongCode();
      const made = await issueRecoveryCodes(parts, tx, userId);
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.totp.confirmed' });
      return made;
    };
    const { database, limits } = parts;
    return { codes: await tryCode(limits, userId, () => database.asUser(userId, confirm)) };
  };
}
