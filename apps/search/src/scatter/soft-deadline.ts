import { quantile } from './latency-book.ts';

/** p90 of a slot of which nothing is known, ms. */
export const unknownP90Ms = 400;
const factor = 3.5;
const bounds = { leastMs: 200, mostMs: 800 } as const;
/** Share of the caller's deadline that the soft one never passes. */
const mostShare = 0.75;
/** Kept back of the caller's deadline for what follows the fan-out, ms. */
const reserveMs = 30;

/** Deadlines of a search, ms from its start. */
export interface SearchDeadlines {
  readonly softMs: number;
  readonly hardMs: number;
}

/** The deadlines of a search from the p90 of its slots, ms; undefined entries are not known (search.md 6). Pure. */
export function searchDeadlines(p90s: readonly (number | undefined)[], deadlineMs: number): SearchDeadlines {
  const sorted = p90s.map((p90) => p90 ?? unknownP90Ms).sort((one, other) => one - other);
  const p75 = sorted.length === 0 ? 0 : quantile(sorted, 0.75);
  const soft = Math.min(bounds.mostMs, Math.max(bounds.leastMs, factor * p75));
  return { softMs: Math.round(Math.min(soft, mostShare * deadlineMs)), hardMs: Math.max(0, deadlineMs - reserveMs) };
}
