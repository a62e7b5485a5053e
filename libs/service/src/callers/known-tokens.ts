import { createLruMap } from '@universal-api/cache';
import { AppError } from '@universal-api/errors';
import type { AccessTokenClaims, AccessTokenVerifier } from '@universal-api/principal';
import { hash } from 'node:crypto';
import type { AuthWatch } from '../watch/watch-auth.ts';
import type { KnownCaller } from './caller.ts';

/** The access tokens that were verified lately. */
export interface KnownTokens {
  /**
   * Who holds a token; undefined when it was not verified before. No I/O.
   * Errors: `invalid_token` when it was revoked; `service_unavailable` while nobody could have told us that it was.
   */
  peek(text: string): KnownCaller | undefined;
  /** The same, verified if need be. Errors: also those of the verifier. */
  find(text: string): Promise<KnownCaller>;
}

/** Parts and bounds. */
export interface KnownTokensOptions {
  readonly verifier: AccessTokenVerifier;
  readonly watch: Pick<AuthWatch, 'revocations' | 'isFresh' | 'untilHeard'>;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly maxTokens: number;
}

interface Holder {
  readonly known: KnownCaller;
  readonly claims: AccessTokenClaims;
  /** Of the revocations that it was looked at under. */
  version: number;
}

/** Longer than any access token lives, ms. */
const longestLifeMs = 1_800_000;

/** A cache of proved tokens by their SHA-256, each until its `exp`. */
export function createKnownTokens({ verifier, watch, clock, maxTokens }: KnownTokensOptions): KnownTokens {
  const holders = createLruMap<string, Holder>({ max: maxTokens, ttlMs: longestLifeMs, clock: { now: clock } });
  const { revocations } = watch;

  function check(digest: string, holder: Holder): KnownCaller {
    // A token carries its own proof, so only what is heard can end it: unheard for too long is unknown (platform.md 1.4).
    if (!watch.isFresh()) {
      throw new AppError('service_unavailable', { retryAfterS: 1, internal: 'revocations are not heard' });
    }
    const version = revocations.version();
    if (holder.version !== version) {
      if (revocations.isTokenRevoked(holder.claims)) {
        holders.delete(digest);
        throw new AppError('invalid_token', { internal: 'access token refused: revoked' });
      }
      holder.version = version;
    }
    return holder.known;
  }
  return {
    peek(text) {
      const digest = digestOf(text);
      const holder = holders.get(digest);
      return holder && check(digest, holder);
    },
    async find(text) {
      const digest = digestOf(text);
      const claims = await verifier.verify(text);
      if (!watch.isFresh()) await watch.untilHeard();
      // Looked at under no version yet, so that what ended while it was verified counts.
      const { limits } = claims;
      const caller = toCaller(claims);
      const holder = { known: limits ? { caller, limits } : { caller }, claims, version: -1 };
      holders.set(digest, holder, claims.exp * 1_000 - clock());
      return check(digest, holder);
    },
  };
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64');
}

function toCaller({ tid, sub, sid, scope, plan, pool }: AccessTokenClaims): KnownCaller['caller'] {
  return { tid, sub, typ: 'user', sid, scp: scope.split(' ').filter(Boolean), plan, mode: 'live', pool };
}
