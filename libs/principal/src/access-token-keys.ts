import { importJWK } from 'jose/key/import';
import { AppError } from '@universal-api/errors';
import type { EpochClock } from './principal.ts';

/** A public key that access tokens may be signed with. */
export type TokenKey = Awaited<ReturnType<typeof importJWK>>;

/** Where the keys of a verifier come from, and how often they may be asked for. */
export interface TokenKeySource {
  /** The JWK set of the installation (RFC 7517), as JSON text. */
  readonly fetchJwks: () => Promise<string>;
  readonly clock: EpochClock;
  /** Least time between two fetches, ms. */
  readonly refetchMs: number;
  /** A set older than this is fetched anew before it is used, ms. */
  readonly maxAgeMs: number;
}

/** The public keys of the installation, kept in memory. */
export interface TokenKeys {
  /**
   * The key with this id. Fetches the set when there is none yet, when it is too old or when it lacks the id, but at most
   * once per `refetchMs`; whoever asks meanwhile waits for the same fetch. A set that cannot be had leaves the old one.
   * Errors: those of `fetchJwks`, only while there has never been a set.
   */
  find(kid: string): Promise<TokenKey | undefined>;
}

type KeySet = ReadonlyMap<string, TokenKey>;

/** The keys behind a verifier of access tokens. */
export function createTokenKeys({ fetchJwks, clock, refetchMs, maxAgeMs }: TokenKeySource): TokenKeys {
  let keys: KeySet | undefined;
  let readAt = -Infinity;
  let askedAt = -Infinity;
  let underWay: Promise<KeySet> | undefined;

  async function read(): Promise<KeySet> {
    const set = await toKeySet(await fetchJwks());
    keys = set;
    readAt = clock();
    return set;
  }
  /** The newest set that can be had without asking too often. */
  async function renew(): Promise<KeySet> {
    if (underWay === undefined) {
      if (keys !== undefined && clock() - askedAt < refetchMs) return keys;
      askedAt = clock();
      underWay = read().finally(() => (underWay = undefined));
    }
    const known = keys;
    // Old keys are still good keys; only a verifier that never had any must say that it cannot judge.
    return known === undefined ? underWay : underWay.catch(() => known);
  }
  return {
    async find(kid) {
      const isOld = clock() - readAt >= maxAgeMs;
      const set = keys === undefined || isOld ? await renew() : keys;
      return set.get(kid) ?? (await renew()).get(kid);
    },
  };
}

/** The ES256 keys of a set; what else is in it is not ours to use. Errors: `service_unavailable` for anything but a set. */
async function toKeySet(text: string): Promise<KeySet> {
  const value: unknown = parseSet(text);
  const list = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  if (!Array.isArray(list)) throw new AppError('service_unavailable', { internal: 'the JWK set has no list of keys' });
  const entries: (readonly [string, TokenKey])[] = [];
  for (const jwk of list as readonly unknown[]) {
    const fields = typeof jwk === 'object' && jwk !== null ? (jwk as Readonly<Record<string, unknown>>) : {};
    const { kty, crv, kid, x, y, use = 'sig', alg = 'ES256' } = fields;
    const isOurs = kty === 'EC' && crv === 'P-256' && use === 'sig' && alg === 'ES256' && !('d' in fields);
    if (!isOurs || typeof kid !== 'string' || typeof x !== 'string' || typeof y !== 'string') continue;
    entries.push([kid, await importJWK({ kty, crv, x, y }, 'ES256')]);
  }
  return new Map(entries);
}

function parseSet(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('service_unavailable', { internal: 'the JWK set is not JSON', cause: error });
  }
}
