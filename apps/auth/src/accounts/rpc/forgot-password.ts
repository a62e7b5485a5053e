import type { CallContext } from '@universal-api/grpc';
import type { ForgotPasswordRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AccountParts } from '../account-parts.ts';
import { mailLink } from '../mail/mail-link.ts';
import { required } from '../required.ts';

/**
 * Queues a link for a new password if there is such an account; the answer is the same without one.
 * Errors: `quota_exceeded` after three an hour for an address, known or not, or ten from a client.
 */
export function forgotPassword(parts: AccountParts) {
  return async (request: ForgotPasswordRequest, context: CallContext) => {
    const email = required(request.email, 'email');
    await mailLink(parts, { template: 'reset_password', typed: email, isWanted: () => true }, context);
    return { message: 'If there is such an account, a link for a new password is on its way.' };
  };
}
