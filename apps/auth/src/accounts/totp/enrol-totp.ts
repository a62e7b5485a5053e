import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { EnrolTotpRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { renderSVG } from 'uqr';
import { actingUser } from '../../access/acting-user.ts';
import type { AccountParts } from '../account-parts.ts';
import { readPerson } from '../find-person.ts';
import { recordAct } from '../record-act.ts';
import { putPendingTotp } from './factor-store.ts';
import { describeTotp } from './totp-codes.ts';

/**
 * Begins a second factor: a secret that counts once a first code was right; an earlier one that never counted is replaced.
 * Errors: `permission_denied` for a key; `fresh_proof_required`; `already_exists` while one is on.
 */
export function enrolTotp(parts: AccountParts) {
  return async (_request: EnrolTotpRequest, context: CallContext) => {
    const { userId, tenantId } = actingUser(context);
    await parts.requireFreshProof(context);
    const { secret, sealed } = parts.totpSecrets.make(userId);
    const email = await parts.database.asUser(userId, async (tx) => {
      if (!(await putPendingTotp(tx, { userId, credentialId: parts.newId(), sealed }))) {
        throw new AppError('already_exists', { detail: 'A second factor is on already; turn it off first.' });
      }
      const person = await readPerson(tx, userId);
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.totp.enrolled' });
      return person?.email ?? '';
    });
    const described = describeTotp(secret, email);
    return { secret: described.secret, otpauthUri: described.uri, qrSvg: renderSVG(described.uri, { border: 4 }) };
  };
}
