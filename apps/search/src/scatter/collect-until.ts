/** A question of a search, as it is fanned out. */
export interface ScatterSlot<T> {
  readonly id: string;
  readonly category: string;
  /** Share of the planned weight. */
  readonly weight: number;
  /** The search waits for one answer of this category, or until all its slots failed. */
  readonly needed: boolean;
  /** Slower than the soft deadline as a rule: asked, and not counted in the quorum. */
  readonly isLate?: boolean;
  /** Asks. Ends soon after the signal is aborted. */
  run(signal: AbortSignal): Promise<T>;
}

/** What became of a slot. `void`: the question turned out to be none, so that it has no weight. */
export type Settled<T> =
  | { readonly kind: 'answered'; readonly value: T; readonly ms: number }
  | { readonly kind: 'failed' | 'void'; readonly error: unknown; readonly ms: number };

/** Time as a search sees it. `after` calls once; the function that it returns calls it off. */
export interface ScatterClock {
  /** ms */
  now(): number;
  after(ms: number, call: () => void): () => void;
}

/** When a search returns (search.md 6). */
export type ScatterMode = 'fast' | 'balanced' | 'complete';

/** Bounds how many slots of the process run on after their search has returned. */
export interface LeftoverLimit {
  /** Whether one more may; if so, `free` must be called when it ends. */
  take(): boolean;
  free(): void;
}

/** How one fan-out is run. */
export interface ScatterOptions<T> {
  readonly slots: readonly ScatterSlot<T>[];
  readonly mode: ScatterMode;
  /** ms from now. */
  readonly softMs: number;
  /** ms from now. */
  readonly hardMs: number;
  readonly clock: ScatterClock;
  readonly leftovers: LeftoverLimit;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** Whether a rejection means that the question was none. */
  readonly isVoid?: (error: unknown) => boolean;
  /** Told of every slot when it settles, also after the return. */
  readonly onSettled?: (slot: ScatterSlot<T>, settled: Settled<T>) => void;
}

/** What a fan-out brought. */
export interface Scattered<T> {
  /** By slot id; a slot that is not here was still open. */
  readonly settled: ReadonlyMap<string, Settled<T>>;
  /** What ended the wait. */
  readonly endedBy: 'all_settled' | 'quorum' | 'hard_deadline';
}

/** Share of the planned weight that is enough after the soft deadline. */
export const quorum = 0.75;
const rounding = 1e-9;

/**
 * Asks all slots at once and returns as `search.md` 6 says: when all have settled; at the soft deadline with a quorum;
 * after it when the quorum arrives; at the hard deadline in any case. `fast` does not wait for the soft deadline,
 * `complete` not for less than all. A quorum is 0.75 of the planned weight, and of each needed category one answer, or
 * that all of it failed.
 *
 * Slots still open then may run on to the hard deadline, so that their answers reach the cache (`leftovers` bounds how
 * many), and are aborted after it. Rejects with the signal's reason, and aborts every slot, when the caller leaves.
 */
export function collectUntil<T>(options: ScatterOptions<T>): Promise<Scattered<T>> {
  const { slots, mode, softMs, hardMs, clock, signal, isVoid, onSettled } = options;
  if (signal.aborted) return Promise.reject(signal.reason);
  const startedAt = clock.now();
  const settled = new Map<string, Settled<T>>();
  const running = new Map<ScatterSlot<T>, RunningSlot>(slots.map((slot) => [slot, { abort: new AbortController() }]));
  const { promise, resolve, reject } = Promise.withResolvers<Scattered<T>>();
  let isOver = false;
  let isSoftOver = false;

  const timers = [clock.after(softMs, endSoft), clock.after(hardMs, () => finish('hard_deadline'))];
  signal.addEventListener('abort', leave);
  for (const [slot, { abort }] of running) {
    ask(slot, abort.signal).then(
      (value) => settle(slot, { kind: 'answered', value, ms: clock.now() - startedAt }),
      (error: unknown) =>
        settle(slot, { kind: isVoid?.(error) ? 'void' : 'failed', error, ms: clock.now() - startedAt }),
    );
  }
  look();
  return promise;

  function endSoft() {
    isSoftOver = true;
    look();
  }
  function look() {
    if (isOver) return;
    if (settled.size === slots.length) finish('all_settled');
    else if (mode !== 'complete' && (mode === 'fast' || isSoftOver) && hasQuorum(slots, settled)) finish('quorum');
  }
  function settle(slot: ScatterSlot<T>, outcome: Settled<T>) {
    running.get(slot)?.stopWaiting?.();
    running.delete(slot);
    if (!isOver) settled.set(slot.id, outcome);
    onSettled?.(slot, outcome);
    look();
  }
  function end() {
    isOver = true;
    signal.removeEventListener('abort', leave);
    for (const callOff of timers) callOff();
  }
  function leave() {
    end();
    for (const { abort } of running.values()) abort.abort(signal.reason);
    reject(signal.reason);
  }
  function finish(endedBy: Scattered<T>['endedBy']) {
    end();
    for (const slot of running.values()) runOn(slot, startedAt + hardMs - clock.now(), options);
    resolve({ settled: new Map(settled), endedBy });
  }
}

/** A slot under way; `stopWaiting` is there once it runs on without its search. */
interface RunningSlot {
  readonly abort: AbortController;
  stopWaiting?: () => void;
}

/** Lets a slot run on for so long after its search has returned, if there is room for it. */
function runOn(
  slot: RunningSlot,
  leftMs: number,
  { clock, leftovers }: Pick<ScatterOptions<unknown>, 'clock' | 'leftovers'>,
): void {
  const stop = () => slot.abort.abort(new Error('the search has returned'));
  if (leftMs <= 0 || !leftovers.take()) {
    stop();
    return;
  }
  const callOff = clock.after(leftMs, stop);
  slot.stopWaiting = () => {
    callOff();
    leftovers.free();
  };
}

/** A slot that throws before its first wait has failed like any other. */
async function ask<T>(slot: ScatterSlot<T>, signal: AbortSignal): Promise<T> {
  return slot.run(signal);
}

function hasQuorum<T>(slots: readonly ScatterSlot<T>[], settled: ReadonlyMap<string, Settled<T>>): boolean {
  const kindOf = (slot: ScatterSlot<T>) => settled.get(slot.id)?.kind;
  const counted = slots.filter((slot) => kindOf(slot) !== 'void' && countsForQuorum(slot, slots));
  const planned = counted.reduce((sum, { weight }) => sum + weight, 0);
  const answered = counted.reduce((sum, slot) => (kindOf(slot) === 'answered' ? sum + slot.weight : sum), 0);
  if (answered < quorum * planned - rounding) return false;
  const needed = new Set(slots.filter((slot) => slot.needed).map(({ category }) => category));
  return [...needed].every((category) => {
    const ofCategory = slots.filter((slot) => slot.category === category);
    return ofCategory.some((slot) => kindOf(slot) === 'answered') || ofCategory.every((slot) => kindOf(slot));
  });
}

/** Whether a slot counts: not one that is late as a rule, unless a needed category has no other. */
export function countsForQuorum(
  slot: { readonly category: string; readonly needed: boolean; readonly isLate?: boolean },
  slots: readonly { readonly category: string; readonly isLate?: boolean }[],
): boolean {
  if (!slot.isLate) return true;
  return slot.needed && slots.filter(({ category }) => category === slot.category).every(({ isLate }) => isLate);
}
