import type { Database, PageTokens } from '@universal-api/database';
import { createAccessTokenVerifier, type KeyRing, type RandomBytes } from '@universal-api/principal';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { TokenSettings } from '../config.ts';
import { createAccessTokenIssuer } from '../signing-keys/issue-access-token.ts';
import { createSigningKeys } from '../signing-keys/signing-keys.ts';
import type { ApiKeyStore } from '../store/api-key-store.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { KnownKeyParts } from './introspection/known-key.ts';
import { createFreshProof } from './require-fresh-proof.ts';
import type { ProofParts } from './session-parts.ts';
import type { SessionServiceParts } from './session-service.ts';

/** What sessions need of the rest of the service. */
export interface SessionNeeds extends Pick<KnownKeyParts, 'peppers'> {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  /** `PUBLIC_BASE_URL`: issuer of access tokens. */
  readonly publicBaseUrl: string;
  readonly tokens: TokenSettings;
  readonly keys: ApiKeyStore;
  readonly recordAudit: RecordAudit;
  readonly pages: PageTokens;
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
}

/** Least time between two looks at the keys for an unknown id, ms: they lie in the own database. */
const refetchMs = 1_000;

/** Joins signing keys, tokens and sessions; opens nothing. Proofs come later, since they themselves end sessions. */
export function joinSessions(needs: SessionNeeds) {
  const { database, tokens, publicBaseUrl: issuer, recordAudit, newId, now: clock } = needs;
  const { accessTtlS: ttlS, leewayS, sessions: times } = tokens;
  const signingKeys = createSigningKeys({ ...needs, times: tokens.signingKeys, clock });
  const issue = createAccessTokenIssuer({ signer: () => signingKeys.signer(), issuer, ttlS, newId });
  const fetchJwks = () => signingKeys.jwks();
  const verifier = createAccessTokenVerifier({ issuer, leewayS, clock, fetchJwks, refetchMs, maxAgeMs: refetchMs });
  const sessionParts = { ...needs, issue, verifier, times, clock };
  return {
    signingKeys,
    issuer,
    verifier,
    recordAudit,
    requireFreshProof: createFreshProof({ database, clock, freshMs: times.freshMs }),
    /** The parts of `SessionService`. */
    serve: ({ checkLogin, checkPassword, secondFactor }: ProofParts): SessionServiceParts => ({
      ...sessionParts,
      checkLogin,
      checkPassword,
      secondFactor,
    }),
  };
}
