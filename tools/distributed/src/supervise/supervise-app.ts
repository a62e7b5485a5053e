import { setTimeout } from 'node:timers/promises';
import { startGuardedChild, type ChildPlan, type GuardedChild } from './guarded-child.ts';

/** One app: how it is run, and how it is asked whether it serves. */
export interface AppPlan extends Omit<ChildPlan, 'onLine'> {
  readonly name: string;
  isReady(): Promise<boolean>;
}

/** How apps are kept running. */
export interface SuperviseOptions {
  /** Told each line of an app, and what becomes of it. */
  say(name: string, line: string): void;
  /** Wait before the next start, ms, by the number of crashes in a row. */
  backOffMs(crashes: number): number;
  /** Longest that the first start may take, ms. */
  readonly readyMs: number;
  /** Longest that an orderly end may take, ms; then it is killed. */
  readonly stopMs: number;
  /** One that lived so long, ms, has not crashed in a row. */
  readonly stableMs: number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/** An app that is started again when it crashes, until it is stopped. */
export interface SupervisedApp {
  readonly name: string;
  /** Of the process that runs now; undefined between two. */
  pid(): number | undefined;
  /** Resolves once it serves for the first time; rejects with one sentence when it ends before, or is too slow. */
  readonly ready: Promise<void>;
  /** Ends it in an orderly way, for good. */
  stop(): Promise<void>;
}

const askEveryMs = 100;

/** Starts an app and keeps it running. A first start that fails is not tried again: waiting would not mend it. */
export function superviseApp(plan: AppPlan, options: SuperviseOptions): SupervisedApp {
  const { name } = plan;
  const { say, now } = options;
  const stopping = new AbortController();
  let child: GuardedChild | undefined;
  let crashes = 0;

  const launch = () => {
    child = startGuardedChild({ ...plan, onLine: (line) => say(name, line) });
    return child;
  };
  const first = launch();
  const ready = untilServing(plan, first, { withinMs: options.readyMs, signal: stopping.signal });
  // Whoever waits for it is told; whoever does not must not be ended by it.
  ready.catch(() => {});

  const keep = async () => {
    let [running, startedAt] = [first, now()];
    const hasServed = await ready.then(
      () => true,
      () => false,
    );
    for (;;) {
      const reason = await running.ended;
      child = undefined;
      if (stopping.signal.aborted || !hasServed) return;
      crashes = now() - startedAt >= options.stableMs ? 1 : crashes + 1;
      const waitMs = options.backOffMs(crashes);
      say(name, `ended (${reason}); it is started again in ${waitMs / 1000} s`);
      await setTimeout(waitMs, undefined, { signal: stopping.signal }).catch(() => {}); // Aborted: it ends.
      if (stopping.signal.aborted) return;
      [running, startedAt] = [launch(), now()];
    }
  };
  const kept = keep();

  return {
    name,
    ready,
    pid: () => child?.pid,
    async stop() {
      stopping.abort();
      if (child) await end(child, options.stopMs);
      await kept;
    },
  };
}

async function end(child: GuardedChild, stopMs: number): Promise<void> {
  child.signal('SIGINT');
  const late = new AbortController();
  const killing = setTimeout(stopMs, undefined, { signal: late.signal }).then(
    () => child.signal('SIGKILL'),
    () => {}, // Ended in time.
  );
  await child.ended;
  late.abort();
  await killing;
}

async function untilServing(
  { name, isReady }: AppPlan,
  child: GuardedChild,
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<void> {
  let reason: string | undefined;
  void child.ended.then((end) => (reason = end));
  for (let leftMs = withinMs; !(await isReady()); leftMs -= askEveryMs) {
    if (signal.aborted) throw new Error(`${name} was stopped while it started.`);
    if (reason !== undefined) throw new Error(`${name} ended while it started (${reason}); its lines say why.`);
    if (leftMs <= 0) {
      child.signal('SIGKILL');
      throw new Error(`${name} did not serve within ${withinMs / 1000} s.`);
    }
    await setTimeout(askEveryMs);
  }
}
