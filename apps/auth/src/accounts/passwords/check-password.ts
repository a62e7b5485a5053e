import { AppError } from '@universal-api/errors';
import { findHolderById } from './password-store.ts';
import { provePassword, type PasswordProofParts } from './prove-password.ts';

/** A password that a known user gives again. */
export interface PasswordAgain {
  readonly userId: string;
  readonly password: string;
  /** Address of the client. */
  readonly address: string | undefined;
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

/** Returns if it is the user's password. */
export type CheckPassword = (again: PasswordAgain) => Promise<void>;

/** Makes the check of a known user's password, under the limits of logins; errors: `provePassword`. */
export function createPasswordCheck(parts: PasswordProofParts): CheckPassword {
  return async (again) => {
    const holder = await findHolderById(parts.database, again.userId);
    if (holder === undefined) throw new AppError('invalid_credentials', { internal: 'the user is gone' });
    await provePassword(parts, { ...again, email: holder.person.email }, async () => holder);
  };
}
