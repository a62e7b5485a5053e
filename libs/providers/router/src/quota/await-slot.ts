import { setTimeout as sleep } from 'node:timers/promises';
import type { CallSlots } from './call-slots.ts';

/** Slots are this much further apart than the provider asks, ms; a call that starts later in its slot gives it up. */
export const slotGuardMs = 50;

/** What a call waits for. */
export interface SlotWait {
  readonly slots: CallSlots;
  readonly provider: string;
  /** Between the starts of two calls, ms. */
  readonly intervalMs: number;
  /** ms; a slot that starts later is not taken. */
  readonly maxWaitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until this process may start a call; false: no slot starts in time. A call that starts too late in its slot
 * (the database answered slowly, this process was busy) could come too close to the next one, so it takes another.
 *
 * Errors: those of `CallSlots.reserve`; the signal's reason.
 */
export async function awaitSlot({ slots, provider, intervalMs, maxWaitMs, signal }: SlotWait): Promise<boolean> {
  const begun = performance.now();
  for (;;) {
    const askedAt = performance.now();
    const leftMs = maxWaitMs - (askedAt - begun);
    if (leftMs < 0) return false;
    const waitMs = await slots.reserve(provider, intervalMs + slotGuardMs, leftMs);
    if (waitMs === undefined) return false;
    signal.throwIfAborted();
    // The slot starts at the earliest waitMs after the question was sent, so no call starts before its slot.
    if (waitMs > 0) await sleep(Math.ceil(waitMs), undefined, { signal });
    if (performance.now() - askedAt - waitMs <= slotGuardMs) return true;
  }
}
