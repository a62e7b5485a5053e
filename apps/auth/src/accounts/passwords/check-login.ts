import { foldEmail } from '../people/email-address.ts';
import { findHolderByEmail } from './password-store.ts';
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

/** The first step of a login: gives the user whose password it is. A refusal is in the chain; a success is the caller's to record. */
export type CheckLogin = (login: LoginAttempt) => Promise<{ readonly userId: string }>;

/** Makes the check; rules and errors: `provePassword`. */
export function createLoginCheck(parts: PasswordProofParts): CheckLogin {
  return async (login) => {
    const email = foldEmail(login.email);
    const { person } = await provePassword(parts, { ...login, email }, () => findHolderByEmail(parts.database, email));
    return { userId: person.user_id };
  };
}
