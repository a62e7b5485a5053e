import type { CallContext } from '@universal-api/grpc';
import type { ResendEmailRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AccountParts } from '../account-parts.ts';
import { mailLink } from '../mail/mail-link.ts';
import { required } from '../required.ts';

/**
 * Queues the link that proves an address again, if there is something to prove; the answer is the same otherwise.
 * Errors: `quota_exceeded`, as for a forgotten password and counted with it.
 */
export function resendEmail(parts: AccountParts) {
  return async (request: ResendEmailRequest, context: CallContext) => {
    const typed = required(request.email, 'email');
    const isWanted = ({ email_verified_at }: { readonly email_verified_at: Date | null }) => email_verified_at === null;
    await mailLink(parts, { template: 'verify_email', typed, isWanted }, context);
    return { message: 'If there is an address to prove, a link for it is on its way.' };
  };
}
