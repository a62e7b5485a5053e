import type { Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { EpochClock } from '@universal-api/principal';
import type { AuthTables } from '../store/auth-tables.ts';

/** What it works with. */
export interface FreshProofParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly clock: EpochClock;
  /** How long a proof counts, ms. */
  readonly freshMs: number;
}

/** Refuses a person whose last proof is too old. Errors: `fresh_proof_required`; those of `Database`. */
export type RequireFreshProof = (context: Pick<CallContext, 'principal'>) => Promise<void>;

/**
 * Makes the check that stands before what hurts most in wrong hands: making keys, passwords, second factors, roles
 * (platform.md 1.6). It asks people only: a key has nothing to prove again with.
 */
export function createFreshProof({ database, clock, freshMs }: FreshProofParts): RequireFreshProof {
  return async ({ principal }) => {
    if (principal.typ !== 'user') return;
    const { sub: userId, sid: sessionId } = principal;
    if (sessionId === undefined) throw new AppError('fresh_proof_required', { internal: 'a user without session' });
    const session = await database.asUser(userId, (tx) =>
      tx
        .selectFrom('sessions')
        .select('proof_at')
        .where('session_id', '=', sessionId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst(),
    );
    if (session === undefined || clock() - session.proof_at.getTime() > freshMs) {
      throw new AppError('fresh_proof_required');
    }
  };
}
