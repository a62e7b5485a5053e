import type { ColumnType, Generated } from '@universal-api/database';
import type { PublicJwk } from '../signing-keys/signing-key.ts';

/** A session of a person. */
export interface SessionsTable {
  session_id: string;
  user_id: string;
  kind: 'token' | 'cookie';
  token_hash: Generated<Buffer | null>;
  /** Tenant that its access tokens are for. */
  acts_in: string;
  ua_family: string;
  ip_prefix: string;
  amr: string[];
  created_at: Date;
  proof_at: Date;
  seen_at: Date;
  idle_until: Date;
  absolute_until: Date;
  revoked_at: Generated<Date | null>;
}

/** What renews a session, once. */
export interface RefreshTokensTable {
  token_hash: Buffer;
  session_id: string;
  user_id: string;
  issued_at: Date;
  used_at: Generated<Date | null>;
  successor_hash: Generated<Buffer | null>;
  replay_blob: Generated<Buffer | null>;
  replay_until: Generated<Date | null>;
}

/** What stands between the two steps of a login. */
export interface MfaTokensTable {
  token_hash: Buffer;
  user_id: string;
  expires_at: Date;
  used_at: Generated<Date | null>;
}

/** A key that signs access tokens. */
export interface SigningKeysTable {
  kid: string;
  alg: 'ES256';
  state: 'next' | 'current' | 'retired';
  private_enc: string;
  public_jwk: ColumnType<PublicJwk, string, string>;
  publish_at: Date;
  use_from: Generated<Date | null>;
  use_until: Generated<Date | null>;
  drop_at: Generated<Date | null>;
}

/** Tables of sessions and of what signs their tokens. */
export interface SessionTables {
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  mfa_tokens: MfaTokensTable;
  signing_keys: SigningKeysTable;
}
