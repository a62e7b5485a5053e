import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { MessageInitShape } from '@universal-api/protos';
import type { LoginRequest, TokenAnswerSchema } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { findHomeTenant } from '../../accounts/find-person.ts';
import { auditOfLogin, beginSession } from '../begin-session.ts';
import type { ProofParts, SessionParts } from '../session-parts.ts';
import { keepMfaToken } from '../store/mfa-tokens.ts';
import { makeOpaqueToken } from '../tokens/opaque-token.ts';

type Answer = MessageInitShape<typeof TokenAnswerSchema>;

/**
 * Tokens for a password, or, where a second factor is on, a token for the second step: good for five minutes, once.
 * Errors: those of `CheckLogin` and of `beginSession`; `invalid_request` where no address is given, or two.
 */
export function login(
  parts: SessionParts & Pick<ProofParts, 'checkLogin' | 'secondFactor'>,
): (request: LoginRequest, context: CallContext) => Promise<Answer> {
  const { database, recordAudit, checkLogin, secondFactor, randomBytes, clock, times } = parts;
  return async (request, context) => {
    const attempt = { email: emailOf(request), password: request.password ?? '', address: context.principal.cip };
    const { userId, hold } = await checkLogin({ ...attempt, requestId: context.requestId, signal: context.signal });
    if (!(await secondFactor.isOn(userId))) return beginSession(parts, { userId, amr: ['pwd'], context, before: hold });
    const token = makeOpaqueToken('mfa', randomBytes);
    await database.asUser(userId, async (tx) => {
      await hold(tx);
      await keepMfaToken(tx, token, { userId, expiresAt: new Date(clock() + times.secondStepMs) });
      const change = { action: 'auth.login.first_step', object: toPublicId('user', userId), outcome: 'ok' } as const;
      const tenantId = await findHomeTenant(tx, userId);
      await recordAudit(tx, { tenantId, ...auditOfLogin({ userId, context }), ...change });
    });
    return { mfaRequired: true, mfaToken: token.text };
  };
}

/** Forms of OAuth 2 call the address `username`. */
function emailOf({ email, username }: LoginRequest): string {
  const given = email ?? username;
  if (given === undefined) throw refused('email', 'required');
  if (email !== undefined && username !== undefined && email !== username) throw refused('username', 'same_as_email');
  return given;
}

function refused(field: string, rule: string): AppError {
  return new AppError('invalid_request', { errors: [{ field, rule }] });
}
