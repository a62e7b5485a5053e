import type { Quota } from '@universal-api/providers-spec';

/** Counts calls against one allowance. Times are ms since the epoch. */
export interface AllowanceWindow {
  /** From when a call is allowed: `now`, or later. */
  freeAt(now: number): number;
  /** Counts one call. */
  take(now: number): void;
  /** Takes back a call that was counted at `takenAt` and never made. */
  giveBack(takenAt: number): void;
}

/** A sliding window is counted in so many parts. */
const parts = 60;

/**
 * Counts in constant time and memory. A sliding window is exact towards the provider: no window of that length ever has
 * more calls than the limit, since the part that has only half left still counts in full; so it may be up to 1/60 of its
 * length slower than the limit. A calendar window starts on the full minute, hour or day (UTC).
 */
export function createAllowanceWindow(quota: Quota): AllowanceWindow {
  return quota.window === 'calendar' ? countCalendar(quota) : countSliding(quota);
}

function countCalendar({ limit, windowS }: Quota): AllowanceWindow {
  const lengthMs = windowS * 1000;
  let period = 0;
  let count = 0;
  const moveTo = (now: number) => {
    const present = Math.floor(now / lengthMs);
    if (present <= period) return;
    period = present;
    count = 0;
  };
  return {
    freeAt(now) {
      moveTo(now);
      return count < limit ? now : (period + 1) * lengthMs;
    },
    take(now) {
      moveTo(now);
      count += 1;
    },
    giveBack(takenAt) {
      if (Math.floor(takenAt / lengthMs) === period && count > 0) count -= 1;
    },
  };
}

function countSliding({ limit, windowS }: Quota): AllowanceWindow {
  const partMs = (windowS * 1000) / parts;
  // One part more than the window has: the oldest is only partly left.
  const size = parts + 1;
  const counts = new Uint32Array(size);
  let newest = 0;
  let sum = 0;
  const countOf = (part: number) => counts[part % size] ?? 0;
  const moveTo = (now: number) => {
    const present = Math.floor(now / partMs);
    if (present - newest >= size) {
      counts.fill(0);
      sum = 0;
      newest = present;
    }
    // A clock that was set back counts on in the newest part.
    while (newest < present) {
      newest += 1;
      sum -= countOf(newest);
      counts[newest % size] = 0;
    }
  };
  return {
    freeAt(now) {
      moveTo(now);
      if (sum < limit) return now;
      let left = sum;
      for (let part = newest - parts; part <= newest; part += 1) {
        left -= countOf(part);
        if (left < limit) return (part + size) * partMs;
      }
      return (newest + size) * partMs;
    },
    take(now) {
      moveTo(now);
      counts[newest % size] = countOf(newest) + 1;
      sum += 1;
    },
    giveBack(takenAt) {
      const part = Math.floor(takenAt / partMs);
      if (part > newest || newest - part > parts || countOf(part) === 0) return;
      counts[part % size] = countOf(part) - 1;
      sum -= 1;
    },
  };
}
