import type { Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { AuthTables } from '../../store/auth-tables.ts';
import { foldEmail } from '../people/email-address.ts';
import { findHolderByEmail, holdPassword } from './password-store.ts';
import { provePassword, type PasswordProofParts } from './prove-password.ts';

/** What somebody logs in with. */
export interface LoginAttempt {
  /** As typed. */
  readonly email: string;
  readonly password: string;
  /** Address of the client. */
  readonly address: string | undefined;
  readonly requestId?: string;
  /** Aborted when the caller leaves: one who waits for a hash gives up the place. */
  readonly signal?: AbortSignal;
}

/** Whose password it was. */
export interface CheckedLogin {
  readonly userId: string;
  /**
   * First in the transaction, acting for the user, of what the login begins: a new password ends that too, however close the two
   * come. Errors: `invalid_credentials` if there is a new one already.
   */
  hold(tx: Transaction<AuthTables>): Promise<void>;
}

/** The first step of a login: gives the user whose password it is. A refusal is in the chain; a success is the caller's to record. */
export type CheckLogin = (login: LoginAttempt) => Promise<CheckedLogin>;

/** Makes the check; rules and errors: `provePassword`. */
export function createLoginCheck(parts: PasswordProofParts): CheckLogin {
  return async (login) => {
    const email = foldEmail(login.email);
    const find = () => findHolderByEmail(parts.database, email);
    const { person, credentialId } = await provePassword(parts, { ...login, email }, find);
    const userId = person.user_id;
    if (credentialId === undefined) throw new AppError('internal', { internal: 'no password was right' });
    return { userId, hold: (tx) => holdPassword(tx, { userId, credentialId }) };
  };
}
