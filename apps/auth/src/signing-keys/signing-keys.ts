import type { KeyObject } from 'node:crypto';
import type { Database, Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { EpochClock, KeyRing } from '@universal-api/principal';
import type { AuthTables } from '../store/auth-tables.ts';
import { makeSigningKey, openSigningKey } from './make-signing-key.ts';
import { createSigningKeyStore } from './signing-key-store.ts';
import type { SigningKeyRow, SigningKeyTimes } from './signing-key.ts';

/** What the keys of an installation are kept with. */
export interface SigningKeysParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  readonly times: SigningKeyTimes;
  readonly clock: EpochClock;
  readonly newId: () => string;
  /** How long a replica signs without looking whether the current key is another, ms; well under `keepAfterMs`. */
  readonly recheckMs?: number;
}

/** The key that signs now. */
export interface Signer {
  readonly kid: string;
  readonly key: KeyObject;
}

/**
 * The keys that sign access tokens (platform.md 1.7): next → current → retired. Their life goes on whenever somebody uses
 * them, on whichever replica; nobody has to wake them. Errors of every method: those of `Database`, and `internal` when
 * `DATA_ENCRYPTION_KEY` does not open the current key.
 */
export interface SigningKeys {
  /** The key to sign with. */
  signer(): Promise<Signer>;
  /** The JWK set that readers verify with (RFC 7517), as JSON text. */
  jwks(): Promise<string>;
  /** All keys, newest first. */
  list(): Promise<readonly SigningKeyRow[]>;
  /** Lets the next key take over as soon as its readers can know it; `record` is in the same transaction. */
  rotate(record: (tx: Transaction<AuthTables>) => Promise<void>): Promise<readonly SigningKeyRow[]>;
}

const defaultRecheckMs = 5_000;

/** The signing keys of the installation; makes the first of them when they are first asked for. */
export function createSigningKeys(parts: SigningKeysParts): SigningKeys {
  const { dataKeys, clock, newId, recheckMs = defaultRecheckMs } = parts;
  const store = createSigningKeyStore({ ...parts, makeKey: () => makeSigningKey(dataKeys, newId()) });
  let signer: Signer | undefined;
  let lookAgainAt = 0;

  function take(keys: readonly SigningKeyRow[], nowMs: number): Signer {
    const current = keys.find(({ state }) => state === 'current');
    if (current === undefined) throw new AppError('internal', { internal: 'no signing key is current' });
    if (signer?.kid !== current.kid) signer = { kid: current.kid, key: openSigningKey(dataKeys, current) };
    lookAgainAt = nowMs + recheckMs;
    return signer;
  }
  return {
    async signer() {
      const now = clock();
      return signer !== undefined && now < lookAgainAt ? signer : take(await store.settle(now), now);
    },
    async jwks() {
      return toJwks(await store.settle(clock()));
    },
    list: () => store.settle(clock()),
    async rotate(record) {
      const now = clock();
      const keys = await store.rotate(now, record);
      take(keys, now);
      return keys;
    },
  };
}

function toJwks(keys: readonly SigningKeyRow[]): string {
  return JSON.stringify({
    keys: keys.map(({ kid, alg, public_jwk: { kty, crv, x, y } }) => ({ kty, crv, x, y, kid, alg, use: 'sig' })),
  });
}
