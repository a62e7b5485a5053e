import { setTimeout } from 'node:timers/promises';

/** One call: when it was sent and answered (ms of this process), and how. */
export interface Call {
  readonly sentMs: number;
  readonly answeredMs: number;
  /** 0: no answer. */
  readonly status: number;
  /** Of the problem document; empty for an answer. */
  readonly code: string;
  /** What the answer says it did without. */
  readonly degraded: readonly string[];
}

/** Calls at a constant rate. */
export interface Overload {
  readonly calls: readonly Call[];
  stop(): Promise<void>;
}

/** A rate: so many units in so many seconds, all of them at once. */
export interface Limit {
  readonly q: number;
  readonly windowS: number;
}

const longestMs = 15_000;

/** Calls `next()` so often a second, whether or not earlier ones were answered. */
export function overload(perSecond: number, next: () => { readonly url: string; readonly key: string }): Overload {
  const calls: Call[] = [];
  const pending = new Set<Promise<void>>();
  let isRunning = true;
  const call = async () => {
    const { url, key } = next();
    const sentMs = performance.now();
    const answer = await ask(url, key);
    calls.push({ sentMs, answeredMs: performance.now(), ...answer });
  };
  const run = async () => {
    const begun = performance.now();
    for (let sent = 0; isRunning; await setTimeout(5)) {
      for (const due = ((performance.now() - begun) / 1_000) * perSecond; sent < due; sent += 1) {
        const one = call();
        pending.add(one);
        void one.finally(() => pending.delete(one));
      }
    }
    await Promise.all(pending);
  };
  const running = run();
  return {
    calls,
    stop() {
      isRunning = false;
      return running;
    },
  };
}

interface Body {
  readonly code?: string;
  readonly meta?: { readonly degraded?: readonly { readonly code: string }[] };
}

async function ask(url: string, key: string): Promise<Pick<Call, 'status' | 'code' | 'degraded'>> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(longestMs) });
    const { code = '', meta } = (await response.json()) as Body;
    return { status: response.status, code, degraded: (meta?.degraded ?? []).map((loss) => loss.code) };
  } catch {
    // Counted by the test: a call without an answer is as bad as one with 500.
    return { status: 0, code: 'no_answer', degraded: [] };
  }
}

/**
 * By how many units the worst span goes over `factor` × (burst + extra + floor(e / T)); 0 or less: none does. A call was
 * decided somewhere between its sending and its answer, so a span reaches from the first sending to the last answer in it.
 */
export function worstExcess(calls: readonly Call[], { q, windowS }: Limit, { factor = 1, extra = 0 } = {}): number {
  const slotMs = Math.ceil((windowS * 1e6) / q) / 1_000;
  const admitted = calls.filter(({ status }) => status === 200).sort((a, b) => a.sentMs - b.sentMs);
  let worst = Number.NEGATIVE_INFINITY;
  for (const [first, { sentMs }] of admitted.entries()) {
    let endMs = sentMs;
    for (let last = first; last < admitted.length; last += 1) {
      endMs = Math.max(endMs, admitted[last]?.answeredMs ?? endMs);
      worst = Math.max(worst, last - first + 1 - factor * (q + extra + Math.floor((endMs - sentMs) / slotMs)));
    }
  }
  return worst;
}
