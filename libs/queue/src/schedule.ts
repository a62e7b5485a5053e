import { setTimeout } from 'node:timers/promises';

/** What the tick does each second, such as: find what is due, and ring for it. */
export interface TickTask {
  readonly name: string;
  /** `signal` is aborted when the ticker stops, and when a turn has taken longer than it may. */
  run(signal: AbortSignal): Promise<void>;
}

/** The time as the ticker sees it. */
export interface TickClock {
  /** ms, of any origin; it only measures. */
  now(): number;
  /** Resolves after so many ms; rejects as soon as the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** What the ticker has to say. */
export type TickReport =
  | { readonly kind: 'turn'; readonly task: string; readonly ms: number }
  | { readonly kind: 'failed'; readonly task: string; readonly error: unknown; readonly ms: number };

/** Parts of a ticker. */
export interface TickerParts {
  readonly tasks: readonly TickTask[];
  readonly report?: (report: TickReport) => void;
  /** Absent: the system's. */
  readonly clock?: TickClock;
}

/** A running tick. */
export interface Ticker {
  /** Begins no turn any more and waits for those under way, whose signal is aborted. */
  close(): Promise<void>;
}

const everyMs = 1_000;
/** Then a turn is told to end; until it has, its task has no other. */
const longestTurnMs = 10_000;

/** The clock of the system. */
export const systemClock: TickClock = {
  now: () => performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
};

/**
 * The guarantee beside the doorbell: a timer in the process, for the columns `due_at` and `next_at`. It is no job, since a flushed
 * store forgets its jobs and their schedules.
 *
 * Every task has a turn each second, the first at once. A task never overlaps itself: a slow turn takes the place of those that it
 * covers, and they are not made up for. Tasks do not wait for each other, and one that throws has its next turn as usual.
 */
export function startTicker({ tasks, report = () => {}, clock = systemClock }: TickerParts): Ticker {
  const stopping = new AbortController();
  const loops = tasks.map((task) => repeat(task, clock, stopping.signal, report));
  return {
    async close() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(
  task: TickTask,
  clock: TickClock,
  stopped: AbortSignal,
  report: (report: TickReport) => void,
): Promise<void> {
  for (let at = clock.now(); !stopped.aborted;) {
    const startedAt = clock.now();
    try {
      await takeTurn(task, clock, stopped);
      report({ kind: 'turn', task: task.name, ms: clock.now() - startedAt });
    } catch (error) {
      // What it would have found stays due, and the next turn finds it.
      report({ kind: 'failed', task: task.name, error, ms: clock.now() - startedAt });
    }
    // On the second grid of the first turn, so that work does not make the tick drift.
    const late = clock.now() - at;
    at += everyMs * Math.max(1, Math.ceil(late / everyMs));
    try {
      await clock.wait(Math.max(0, at - clock.now()), stopped);
    } catch {
      // Stopped while it waited.
      return;
    }
  }
}

async function takeTurn(task: TickTask, clock: TickClock, stopped: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stopped, over.signal]);
  const ended = new AbortController();
  const limit = clock.wait(longestTurnMs, AbortSignal.any([stopped, ended.signal])).then(
    () => over.abort(new Error(`the turn took longer than ${longestTurnMs} ms`)),
    // It ended in time, or the ticker stops.
    () => {},
  );
  try {
    await task.run(signal);
  } finally {
    ended.abort();
    await limit;
  }
}
