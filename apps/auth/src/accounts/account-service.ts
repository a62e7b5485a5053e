import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { AccountService } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AccountParts } from './account-parts.ts';
import { changePassword } from './rpc/change-password.ts';
import { forgotPassword } from './rpc/forgot-password.ts';
import { getMe } from './rpc/get-me.ts';
import { listMailOutbox } from './rpc/list-mail-outbox.ts';
import { register } from './rpc/register.ts';
import { resendEmail } from './rpc/resend-email.ts';
import { resetPassword } from './rpc/reset-password.ts';
import { updateMe } from './rpc/update-me.ts';
import { verifyEmail } from './rpc/verify-email.ts';
import { confirmTotp } from './totp/confirm-totp.ts';
import { disableTotp } from './totp/disable-totp.ts';
import { enrolTotp } from './totp/enrol-totp.ts';
import { renewRecoveryCodes } from './totp/renew-recovery-codes.ts';

/** `uapi.auth.v1.AccountService`, one row per RPC; no logic. */
export function accountService(parts: AccountParts): ServiceHandlers<typeof AccountService, CallContext> {
  return {
    register: register(parts),
    getMe: getMe(parts),
    updateMe: updateMe(parts),
    changePassword: changePassword(parts),
    forgotPassword: forgotPassword(parts),
    resetPassword: resetPassword(parts),
    verifyEmail: verifyEmail(parts),
    resendEmail: resendEmail(parts),
    enrolTotp: enrolTotp(parts),
    confirmTotp: confirmTotp(parts),
    disableTotp: disableTotp(parts),
    renewRecoveryCodes: renewRecoveryCodes(parts),
    listMailOutbox: listMailOutbox(parts),
  };
}
