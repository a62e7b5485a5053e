import { createLruMap } from '@universal-api/cache';
import { AppError } from '@universal-api/errors';
import { isCredentialPool, isFromNetworks, isKeyMode, isPlan } from '@universal-api/principal';
import { hash } from 'node:crypto';
import type { KeySubject, Revocations } from '../watch/revocations.ts';
import type { KnownCaller } from './caller.ts';

/** What the service `auth` says of a key (`uapi.auth.v1.VerifyKeyResponse`). */
export interface VerifiedKey {
  readonly valid: boolean;
  readonly tenantId: string;
  readonly userId: string;
  readonly lineageId: string;
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly plan: string;
  readonly mode: string;
  readonly credentialPool: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly ipAllow: readonly string[];
}

/** Asks the service `auth` about a key of right shape that came from an address; rejects when it cannot say. */
export type VerifyKey = (key: string, address: string) => Promise<VerifiedKey>;

/** A key of right shape. */
export interface PresentedKey {
  readonly text: string;
  /** Its public part. */
  readonly id12: string;
}

/** The keys that were verified lately, bad ones too. */
export interface KnownKeys {
  /**
   * Who holds a key that comes from an address, null for nobody; undefined when it was not verified within the life of an entry,
   * or when something ended since that it hangs on. No I/O.
   */
  peek(key: PresentedKey, address: string): KnownCaller | null | undefined;
  /**
   * Who holds a key, null for nobody; asks when it is not known. One question at a time per `id12`, its answer shared.
   * Errors: `service_unavailable` when nobody can say.
   */
  find(key: PresentedKey, address: string): Promise<KnownCaller | null>;
}

/** How the cache is bounded. */
export interface KnownKeysOptions {
  readonly verifyKey: VerifyKey;
  /** Life of an entry from the question on, ms: the hard bound from revocation to refusal. */
  readonly lifeMs: number;
  readonly maxKeys: number;
  /** `performance` unless told. */
  readonly clock?: { now(): number };
  /** What ended, if it is heard: the bound does not need it, it only comes sooner. */
  readonly revocations?: Revocations | undefined;
}

/** A cache of keys by their SHA-256: a list of keys would be a list of credentials. */
export function createKnownKeys(options: KnownKeysOptions): KnownKeys {
  const { verifyKey, clock = performance, revocations } = options;
  const good = createLruMap<string, Holder>({ max: options.maxKeys, ttlMs: options.lifeMs, clock });
  const bad = createLruMap<string, true>({ max: options.maxKeys, ttlMs: options.lifeMs, clock });
  const flights = new Map<string, Promise<Asked>>();

  function look(digest: string, address: string): KnownCaller | null | undefined {
    const holder = good.get(digest);
    // A key may be bound to networks, so that it is bad from an address and good from the next.
    if (!holder) return bad.get(`${digest} ${address}`) && null;
    if (revocations && holder.version !== revocations.version()) {
      if (revocations.hasChangedSince(holder.version, holder.subject)) {
        good.delete(digest);
        return undefined;
      }
      holder.version = revocations.version();
    }
    if (holder.allowedFrom === address || isFromNetworks(holder.ipAllow, address)) {
      holder.allowedFrom = address;
      return holder.known;
    }
    return null;
  }
  async function ask(key: PresentedKey, digest: string, address: string): Promise<Asked> {
    const askedAt = clock.now();
    const version = revocations?.version() ?? 0;
    try {
      const holder = toHolder(await verifyKey(key.text, address), version);
      const leftMs = Math.max(options.lifeMs - (clock.now() - askedAt), 0);
      if (holder) good.set(digest, holder, leftMs);
      else bad.set(`${digest} ${address}`, true, leftMs);
      return { digest, address, known: holder?.known ?? null };
    } catch (cause) {
      // Who the caller is cannot be said now: neither "no" nor an inner fault (platform.md 6.3).
      throw new AppError('service_unavailable', { retryAfterS: 1, internal: 'VerifyKey failed', cause });
    }
  }
  const fly = (key: PresentedKey, digest: string, address: string): Promise<Asked> => {
    const flight = ask(key, digest, address).finally(() => flights.delete(key.id12));
    flights.set(key.id12, flight);
    return flight;
  };
  return {
    peek: (key, address) => look(digestOf(key), address),
    async find(key, address) {
      const digest = digestOf(key);
      for (;;) {
        const known = look(digest, address);
        if (known !== undefined) return known;
        const asked = await (flights.get(key.id12) ?? fly(key, digest, address));
        // Another secret under the same id12, or another address, may have been in flight: its answer is not ours.
        if (asked.digest === digest && asked.address === address) return asked.known;
      }
    },
  };
}

/** Who holds the key of a digest. */
interface Holder {
  readonly known: KnownCaller;
  readonly subject: KeySubject;
  readonly ipAllow: readonly string[];
  /** Last address that was found in them. */
  allowedFrom?: string;
  /** Of the revocations that it was looked at under. */
  version: number;
}

/** An answer, and which question it was. */
interface Asked {
  readonly digest: string;
  readonly address: string;
  readonly known: KnownCaller | null;
}

function digestOf(key: PresentedKey): string {
  return hash('sha256', key.text, 'base64');
}

function toHolder(key: VerifiedKey, version: number): Holder | undefined {
  if (!key.valid) return undefined;
  const { plan, mode, credentialPool, tenantId, userId, keyId, limits, ipAllow } = key;
  if (!isPlan(plan) || !isKeyMode(mode) || !isCredentialPool(credentialPool)) {
    throw new AppError('internal', { internal: `auth answered plan ${plan}, mode ${mode}, pool ${credentialPool}` });
  }
  const caller = {
    tid: tenantId,
    sub: userId || key.lineageId,
    typ: 'key',
    key: key.lineageId,
    scp: key.scopes,
    plan,
    mode,
    pool: credentialPool,
  } as const;
  const hasLimits = Object.keys(limits).length > 0;
  return {
    known: hasLimits ? { caller, limits } : { caller },
    subject: { keyId, userId, tenantId },
    ipAllow,
    version,
  };
}
