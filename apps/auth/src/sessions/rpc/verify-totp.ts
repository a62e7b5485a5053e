import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { MessageInitShape } from '@universal-api/protos';
import type { TokenAnswerSchema, VerifyTotpRequest } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { beginSession } from '../begin-session.ts';
import type { ProofParts, SessionParts } from '../session-parts.ts';
import { findMfaUser, takeMfaToken } from '../store/mfa-tokens.ts';
import { readOpaqueToken } from '../tokens/opaque-token.ts';

type Answer = MessageInitShape<typeof TokenAnswerSchema>;

/**
 * The second step of a login. A wrong code leaves the token, within the tries that `SecondFactor` allows; the right one uses
 * it up in the transaction that begins the session.
 * Errors: `invalid_grant` for a token that is unknown, used or too old; those of `SecondFactor.check` and `beginSession`.
 */
export function verifyTotp(
  parts: SessionParts & Pick<ProofParts, 'secondFactor'>,
): (request: VerifyTotpRequest, context: CallContext) => Promise<Answer> {
  const { database, secondFactor, clock } = parts;
  return async (request, context) => {
    const token = readOpaqueToken('mfa', request.mfaToken);
    const userId = token && (await findMfaUser(database, token, clock()));
    if (token === undefined || userId === undefined) throw new AppError('invalid_grant');
    const origin = { address: context.principal.cip, requestId: context.requestId };
    const way = await secondFactor.check(userId, request.code ?? '', origin);
    return beginSession(parts, {
      userId,
      amr: ['pwd', way],
      context,
      before: (tx) => takeMfaToken(tx, token, new Date(clock())),
    });
  };
}
