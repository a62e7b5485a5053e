import { needsNoLookup, type NameResolver } from './resolve-name.ts';

/** Whether the world outside can be reached, as far as is known. */
export type NetworkStatus = 'online' | 'offline';

/** Watches what look-ups and connections tell of the network. */
export interface NetworkState {
  state(): NetworkStatus;
  /**
   * Looks up these names together, as at start-up, and remembers them for probes. Never rejects, and takes no longer
   * than one look-up. Afterwards the state is known: `offline` if name servers were asked and none answered.
   */
  watch(names: readonly string[]): Promise<void>;
  /** A connection says that there is no way out (`false`), or there is (`true`). */
  report(isReachable: boolean): void;
  /** Ends the probes. */
  close(): void;
}

/** How the network is watched. */
export interface NetworkStateOptions {
  readonly resolver: NameResolver;
  /** How often an offline network is probed, ms; 10,000. */
  readonly probeEveryMs?: number;
}

const failuresUntilOffline = 3;
const namesPerProbe = 3;
/** A name server that says "no such name" was reached: the name may be wrong, the network is there. */
const answeredCodes = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Starts online. Any 3 failures in a row without a success make it offline; one success makes it online again. Only
 * while it is offline, 3 of the watched names, in turn, are looked up anew every 10 s, by a timer that keeps no process
 * alive.
 */
export function createNetworkState({ resolver, probeEveryMs = 10_000 }: NetworkStateOptions): NetworkState {
  const watched = new Set<string>();
  const counts = { succeeded: 0, failed: 0, inARow: 0 };
  let status: NetworkStatus = 'online';
  let probe: NodeJS.Timeout | undefined;
  let nextName = 0;
  let isClosed = false;

  function succeed(): void {
    counts.succeeded += 1;
    counts.inARow = 0;
    status = 'online';
  }
  function fail(): void {
    counts.inARow += 1;
    if (counts.inARow >= failuresUntilOffline) goOffline();
  }
  function goOffline(): void {
    // With nothing to probe, nothing could ever say that the network is back.
    if (watched.size === 0) return;
    status = 'offline';
    if (probe || isClosed) return;
    probe = setTimeout(() => {
      probe = undefined;
      void probeNow();
    }, probeEveryMs);
    probe.unref();
  }
  async function probeNow(): Promise<void> {
    const names = [...watched];
    const chosen = names.length <= namesPerProbe ? names : take(names, nextName);
    nextName += namesPerProbe;
    await Promise.allSettled(chosen.map((name) => resolver.resolve(name, { fresh: true })));
    if (status === 'offline') goOffline();
  }

  resolver.onLookup((_name, errorCode) => {
    if (errorCode === undefined) return succeed();
    counts.failed += 1;
    if (!answeredCodes.has(errorCode)) fail();
  });

  return {
    state: () => status,
    async watch(names) {
      for (const name of names) if (!needsNoLookup(name)) watched.add(name);
      const before = { ...counts };
      await Promise.allSettled([...watched].map((name) => resolver.resolve(name)));
      if (counts.succeeded > before.succeeded) succeed();
      else if (counts.failed > before.failed) goOffline();
    },
    report(isReachable) {
      if (isReachable) succeed();
      else fail();
    },
    close() {
      isClosed = true;
      clearTimeout(probe);
      probe = undefined;
    },
  };
}

function take(names: readonly string[], from: number): readonly string[] {
  return Array.from({ length: namesPerProbe }, (_, index) => names[(from + index) % names.length] ?? '');
}
