/** A key that signs access tokens, as the table has it. What each column means stands in the migration. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly alg: 'ES256';
  readonly state: 'next' | 'current' | 'retired';
  readonly private_enc: string;
  readonly public_jwk: PublicJwk;
  readonly publish_at: Date;
  readonly use_from: Date | null;
  readonly use_until: Date | null;
  readonly drop_at: Date | null;
}

/** The public part of a P-256 key (RFC 7518 section 6.2.1). */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** How long a key stays in each state; tests scale them. Milliseconds. */
export interface SigningKeyTimes {
  /** At least so long a key is published before it signs: readers keep a set for ten minutes. */
  readonly publishAheadMs: number;
  /** How long a key signs, unless somebody rotates. */
  readonly useForMs: number;
  /** At least so long it stays published after that: longer than its last token can live. */
  readonly keepAfterMs: number;
}

/** 15 minutes ahead, 7 days in use (`AUTH_ROTATE_D`), 20 minutes after (platform.md 1.7). */
export const signingKeyTimes: SigningKeyTimes = {
  publishAheadMs: 15 * 60_000,
  useForMs: 7 * 24 * 3_600_000,
  keepAfterMs: 20 * 60_000,
};
