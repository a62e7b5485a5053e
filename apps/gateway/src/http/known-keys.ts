import { createLruMap } from '@universal-api/cache';
import { AppError } from '@universal-api/errors';
import { isCredentialPool, isKeyMode, isPlan } from '@universal-api/principal';
import { hash } from 'node:crypto';
import type { Caller } from './caller.ts';

/** What the service `auth` says of a key (`uapi.auth.v1.VerifyKeyResponse`). */
export interface VerifiedKey {
  readonly valid: boolean;
  readonly tenantId: string;
  readonly userId: string;
  readonly lineageId: string;
  readonly scopes: readonly string[];
  readonly plan: string;
  readonly mode: string;
  readonly credentialPool: string;
}

/** Asks the service `auth` about a key of right shape; rejects when it cannot say. */
export type VerifyKey = (key: string) => Promise<VerifiedKey>;

/** A key of right shape. */
export interface PresentedKey {
  readonly text: string;
  /** Its public part. */
  readonly id12: string;
}

/** The keys that were verified lately, bad ones too. */
export interface KnownKeys {
  /** Who holds a key, null for nobody; undefined when it was not verified within the life of an entry. No I/O. */
  peek(key: PresentedKey): Caller | null | undefined;
  /**
   * Who holds a key, null for nobody; asks when it is not known. One question at a time per `id12`, its answer shared.
   * Errors: `service_unavailable` when nobody can say.
   */
  find(key: PresentedKey): Promise<Caller | null>;
}

/** How the cache is bounded. */
export interface KnownKeysOptions {
  readonly verifyKey: VerifyKey;
  /** Life of an entry, ms: the hard bound from revocation to refusal. */
  readonly lifeMs: number;
  readonly maxKeys: number;
  readonly clock?: { now(): number };
}

/** A cache of verified keys, by SHA-256 of the key: memory never holds a key longer than its request. */
export function createKnownKeys(options: KnownKeysOptions): KnownKeys {
  const { verifyKey, clock } = options;
  const known = createLruMap<string, Holder>({ max: options.maxKeys, ttlMs: options.lifeMs, clock });
  const flights = new Map<string, Promise<Holder>>();
  const ask = async (key: PresentedKey, digest: string): Promise<Holder> => {
    try {
      const holder = { digest, caller: toCaller(await verifyKey(key.text)) };
      known.set(digest, holder);
      return holder;
    } catch (cause) {
      // Who the caller is cannot be said now: neither "no" nor an inner fault (platform.md 6.3).
      throw new AppError('service_unavailable', { retryAfterS: 1, internal: 'VerifyKey failed', cause });
    }
  };
  const fly = (key: PresentedKey, digest: string): Promise<Holder> => {
    const flight = ask(key, digest).finally(() => flights.delete(key.id12));
    flights.set(key.id12, flight);
    return flight;
  };
  return {
    peek: (key) => known.get(digestOf(key))?.caller,
    async find(key) {
      const digest = digestOf(key);
      for (;;) {
        const holder = known.get(digest) ?? (await (flights.get(key.id12) ?? fly(key, digest)));
        // Another secret under the same id12 may have been in flight: its answer is not ours.
        if (holder.digest === digest) return holder.caller;
      }
    },
  };
}

/** Who holds the key of a digest; null: nobody. */
interface Holder {
  readonly digest: string;
  readonly caller: Caller | null;
}

function digestOf(key: PresentedKey): string {
  return hash('sha256', key.text, 'base64');
}

function toCaller(key: VerifiedKey): Caller | null {
  if (!key.valid) return null;
  const { plan, mode, credentialPool } = key;
  if (!isPlan(plan) || !isKeyMode(mode) || !isCredentialPool(credentialPool)) {
    throw new AppError('internal', { internal: `auth answered plan ${plan}, mode ${mode}, pool ${credentialPool}` });
  }
  return {
    tid: key.tenantId,
    sub: key.userId || key.lineageId,
    typ: 'key',
    key: key.lineageId,
    scp: key.scopes,
    plan,
    mode,
    pool: credentialPool,
  };
}
