import type { Quota } from '@universal-api/providers-spec';
import { createAllowanceWindow } from './allowance-window.ts';

/** The allowances of one provider, counted in this process. Times are ms since the epoch. */
export interface QuotaLedger {
  /** From when a call is allowed by every window and by what the provider said last: `now`, or later. */
  freeAt(now: number): number;
  /** Counts one call in every window, before it is made; false: one of them is used up, and none has counted. */
  reserve(now: number): boolean;
  /** Takes a reservation back, for a call that was never made. What was sent stays counted, whatever came back. */
  refund(reservedAt: number): void;
  /** The provider said that its allowance is spent until then. */
  block(until: number): void;
}

/** A ledger of those quotas that each process counts for itself; the others are call slots. */
export function createQuotaLedger(quotas: readonly Quota[]): QuotaLedger {
  const windows = quotas.filter(({ countedBy }) => countedBy === 'process').map(createAllowanceWindow);
  let blockedUntil = 0;

  function freeAt(now: number): number {
    let free = Math.max(now, blockedUntil);
    for (const window of windows) free = Math.max(free, window.freeAt(now));
    return free;
  }

  return {
    freeAt,
    reserve(now) {
      if (freeAt(now) > now) return false;
      for (const window of windows) window.take(now);
      return true;
    },
    refund(reservedAt) {
      for (const window of windows) window.giveBack(reservedAt);
    },
    block(until) {
      blockedUntil = Math.max(blockedUntil, until);
    },
  };
}
