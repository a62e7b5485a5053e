import { sql, type Database, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { toPublicId } from '@universal-api/ids';
import type { AccessTokenClaims, AccessTokenVerifier, EpochClock } from '@universal-api/principal';
import { findPlaces, readPerson } from '../../accounts/find-person.ts';
import type { AuthTables } from '../../store/auth-tables.ts';
import { isSessionLive } from '../store/refresh-tokens.ts';
import type { Introspected } from './introspected.ts';

/** What access tokens are judged with. */
export interface KnownTokenParts {
  readonly database: Database<AuthTables>;
  readonly verifier: AccessTokenVerifier;
  readonly clock: EpochClock;
}

/**
 * What an access token of this tenant (UUID) says, if it works now: its session lives, its user is active and still has the
 * role that it names, in an active tenant, and nothing ended it since. Reads the tables, so it knows before any reader does.
 * Errors: those of `Database`.
 */
export async function findToken(
  { database, verifier, clock }: KnownTokenParts,
  text: string,
  tenantId: string,
): Promise<Introspected | undefined> {
  const claims = await verify(verifier, text);
  if (claims?.tid !== tenantId) return undefined;
  const email = await database.asUser(claims.sub, async (tx) => {
    const session = await tx
      .selectFrom('sessions')
      .select(['revoked_at', 'idle_until', 'absolute_until'])
      .where('session_id', '=', claims.sid)
      .executeTakeFirst();
    if (session === undefined || !isSessionLive(session, clock()) || (await isRevoked(tx, claims))) return undefined;
    const person = await readPerson(tx, claims.sub);
    const place = (await findPlaces(tx, claims.sub)).find(({ tenant_id }) => tenant_id === tenantId);
    const isSame = person?.status === 'active' && place?.status === 'active' && place.role === claims.role;
    return isSame ? person.email : undefined;
  });
  if (email === undefined) return undefined;
  const { scope, exp, iat, aud, iss, jti } = claims;
  const sub = toPublicId('user', claims.sub);
  return { ...{ scope, exp, iat, aud, iss, jti, sub }, clientId: claims.client_id, username: email };
}

/** The rule of every reader: what ended of the user, of the user in this tenant or of the tenant ends the tokens of before. */
async function isRevoked(tx: Transaction<AuthTables>, { sub, tid, iat }: AccessTokenClaims): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM revocations
    WHERE at > to_timestamp(${iat}::double precision)
      AND ((kind = 'user' AND id IN (${sub}, ${`${sub}/${tid}`})) OR (kind = 'tenant' AND id = ${tid}))
    LIMIT 1`.execute(tx);
  return rows.length > 0;
}

async function verify(verifier: AccessTokenVerifier, text: string): Promise<AccessTokenClaims | undefined> {
  try {
    return await verifier.verify(text);
  } catch (error) {
    // What is no token of ours is an answer here, not a failure.
    if (AppError.is(error) && error.code === 'invalid_token') return undefined;
    throw error;
  }
}
