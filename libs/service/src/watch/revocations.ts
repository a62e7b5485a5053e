/** What can end (platform.md 1.4). */
export const endingKinds = ['key', 'session', 'user', 'tenant'] as const;

/** A kind of what can end. */
export type EndingKind = (typeof endingKinds)[number];

/** Ids (UUIDs) under which a key is remembered; an empty one is of nobody. */
export interface KeySubject {
  readonly keyId: string;
  readonly userId: string;
  readonly tenantId: string;
}

/** What an access token says of whom it stands for. */
export interface TokenSubject {
  readonly sid: string;
  readonly sub: string;
  readonly tid: string;
  /** When it was made, seconds of the Unix epoch. */
  readonly iat: number;
}

/**
 * What ended lately, as `auth.Watch` told it. Both questions cost nothing while `version()` is the one that was asked last, so
 * whoever remembers a caller keeps the version with it.
 */
export interface Revocations {
  /** Grows with everything that is told; 0 = nothing yet. */
  version(): number;
  /** Notes that something ended, at a time by the clock of the database, ms. */
  add(kind: string, id: string, atMs: number): void;
  /** Whatever was looked up before this may have changed since. */
  forgetAll(): void;
  /** Whether what was looked up at a version may not hold any more for a key. */
  hasChangedSince(version: number, subject: KeySubject): boolean;
  /** Whether a token is refused: its session ended, or its user, tenant or membership did so after it was made. */
  isTokenRevoked(subject: TokenSubject): boolean;
}

interface Ending {
  readonly version: number;
  readonly atMs: number;
  readonly heardAt: number;
}

/** Longer than any access token lives. */
const keptMs = 3_600_000;

/** A set in memory; forgets an hour after it was told. `clock` gives ms. */
export function createRevocations(clock: () => number): Revocations {
  const endings = new Map<EndingKind, Map<string, Ending>>(endingKinds.map((kind) => [kind, new Map()]));
  let version = 0;
  let allChangedAt = 0;

  function forgetOld(ofKind: Map<string, Ending>): void {
    // In the order they were told, so the first young one ends the walk.
    for (const [id, { heardAt }] of ofKind) {
      if (clock() - heardAt < keptMs) return;
      ofKind.delete(id);
    }
  }
  const find = (kind: EndingKind, id: string) => endings.get(kind)?.get(id);
  const isAfter = (kind: EndingKind, id: string, since: number) => (find(kind, id)?.version ?? 0) > since;
  const endedMs = (kind: EndingKind, id: string) => find(kind, id)?.atMs ?? -Infinity;

  return {
    version: () => version,
    add(kind, id, atMs) {
      const ofKind = endings.get(kind as EndingKind);
      if (!ofKind) return;
      forgetOld(ofKind);
      const latestMs = Math.max(atMs, ofKind.get(id)?.atMs ?? -Infinity);
      ofKind.delete(id);
      version += 1;
      ofKind.set(id, { version, atMs: latestMs, heardAt: clock() });
    },
    forgetAll() {
      version += 1;
      allChangedAt = version;
    },
    hasChangedSince(since, { keyId, userId, tenantId }) {
      if (allChangedAt > since || isAfter('key', keyId, since) || isAfter('tenant', tenantId, since)) return true;
      return userId !== '' && (isAfter('user', userId, since) || isAfter('user', `${userId}/${tenantId}`, since));
    },
    isTokenRevoked({ sid, sub, tid, iat }) {
      if (find('session', sid)) return true;
      const endedAtMs = Math.max(endedMs('user', sub), endedMs('user', `${sub}/${tid}`), endedMs('tenant', tid));
      return endedAtMs > iat * 1_000;
    },
  };
}
