/** One thing an app needs of its own: pools, schema version, its gRPC server. Never another service. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when it works; rejects with the reason when it does not. */
  check(): Promise<void>;
}

/** Where an app is in its life. */
export type LifeState = 'starting' | 'running' | 'draining';

/** One part of an app, as a check saw it. */
export interface PartState {
  readonly status: 'ready' | 'failing';
  readonly latencyMs: number;
}

/** Whether an app can work now, and why not. */
export interface ReadinessReport {
  readonly isReady: boolean;
  readonly state: LifeState;
  readonly parts: Readonly<Record<string, PartState>>;
}

/** The one source of truth about an app's readiness: health checks, `grpc.health.v1` and `/api/health` all read it. */
export interface Readiness {
  add(check: ReadinessCheck): void;
  setState(state: LifeState): void;
  /** Runs every check, each within a second. */
  report(): Promise<ReadinessReport>;
  /** Tells `onChange` whenever `isReady` changes; looks every `everyMs`. Returns the function that ends it. */
  watch(everyMs: number, onChange: (isReady: boolean) => void): () => void;
}

const checkTimeoutMs = 1_000;

/** Makes the readiness of one app, in state `starting`. */
export function createReadiness(): Readiness {
  const checks: ReadinessCheck[] = [];
  const stateListeners = new Set<() => void>();
  let state: LifeState = 'starting';

  const report = async (): Promise<ReadinessReport> => {
    const seen = await Promise.all(checks.map(async (check) => [check.name, await runCheck(check)] as const));
    const isReady = state === 'running' && seen.every(([, part]) => part.status === 'ready');
    return { isReady, state, parts: Object.fromEntries(seen) };
  };
  return {
    add: (check) => void checks.push(check),
    setState(next) {
      state = next;
      for (const listener of stateListeners) listener();
    },
    report,
    watch(everyMs, onChange) {
      let last: boolean | undefined;
      let isEnded = false;
      const look = async () => {
        const { isReady } = await report();
        if (!isEnded && isReady !== last) onChange((last = isReady));
      };
      const lookNow = () => void look();
      const timer = setInterval(lookNow, everyMs).unref();
      stateListeners.add(lookNow);
      lookNow();
      return () => {
        isEnded = true;
        clearInterval(timer);
        stateListeners.delete(lookNow);
      };
    },
  };
}

async function runCheck(check: ReadinessCheck): Promise<PartState> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within a second')), checkTimeoutMs);
  });
  try {
    await Promise.race([check.check(), tooLate]);
    return { status: 'ready', latencyMs: Math.round(performance.now() - startedAt) };
  } catch {
    // The reason is logged where the dependency lives; health says that it fails and how long that took to see.
    return { status: 'failing', latencyMs: Math.round(performance.now() - startedAt) };
  } finally {
    clearTimeout(timer);
  }
}
