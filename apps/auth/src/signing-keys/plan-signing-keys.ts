import type { SigningKeyRow, SigningKeyTimes } from './signing-key.ts';

/** What of a key decides its life. */
export type KeyLife = Pick<SigningKeyRow, 'kid' | 'state' | 'publish_at' | 'use_from' | 'use_until' | 'drop_at'>;

/** What has to happen now, in this order. */
export interface SigningKeyPlan {
  /** Their last token has ended, and with it their time. */
  readonly drop: readonly string[];
  /** The current key signs no more. */
  readonly retire?: { readonly kid: string; readonly useUntil: Date; readonly dropAt: Date };
  /** The next key signs from now on, as planned until `useUntil`. */
  readonly promote?: { readonly kid: string; readonly useFrom: Date; readonly useUntil: Date };
  /** Whether a key has to be made that is current at once: only where there is none at all. */
  readonly makeCurrent?: { readonly useFrom: Date; readonly useUntil: Date };
  /** Whether a key has to be made that comes after the current one, and when it is to sign. */
  readonly makeNext?: { readonly publishAt: Date; readonly useFrom: Date };
}

/**
 * What the life of signing keys asks for at a time; pure. There is always one current key and one next that is published; the
 * current one yields when its time is over and the next has been published long enough. Doing what is asked, and asking
 * again at the same time, asks for nothing.
 */
export function planSigningKeys(keys: readonly KeyLife[], nowMs: number, times: SigningKeyTimes): SigningKeyPlan {
  const current = keys.find(({ state }) => state === 'current');
  const next = keys.find(({ state }) => state === 'next');
  const drop = keys.filter((key) => key.drop_at !== null && key.drop_at.getTime() <= nowMs).map(({ kid }) => kid);
  const now = new Date(nowMs);
  const fresh = { useFrom: now, useUntil: new Date(nowMs + times.useForMs) };
  const makeNext = { publishAt: now, useFrom: fresh.useUntil };
  if (current === undefined) {
    // Nobody holds an older set of keys that a first token could fail against.
    return next === undefined
      ? { drop, makeCurrent: fresh, makeNext }
      : { drop, promote: { kid: next.kid, ...fresh }, makeNext };
  }
  const endsAt = current.use_until?.getTime() ?? nowMs;
  if (next === undefined) return { drop, makeNext: { publishAt: now, useFrom: new Date(readyAt(now, endsAt, times)) } };
  if (readyAt(next.publish_at, endsAt, times) > nowMs) return { drop };
  const retire = { kid: current.kid, useUntil: now, dropAt: new Date(nowMs + times.keepAfterMs) };
  return { drop, retire, promote: { kid: next.kid, ...fresh }, makeNext };
}

/** When a key that was published then may take over from one that ends then, ms of the epoch. */
export function readyAt(publishAt: Date, endsAt: number, { publishAheadMs }: SigningKeyTimes): number {
  return Math.max(endsAt, publishAt.getTime() + publishAheadMs);
}
