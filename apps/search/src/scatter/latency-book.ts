/** How long answers take, by provider and operation; one for a process. */
export interface LatencyBook {
  /** An answer came after `ms`. Failures are not told: they say nothing about how long an answer takes. */
  record(provider: string, operation: string, ms: number): void;
  /** ms; undefined: not known. */
  p90(provider: string, operation: string): number | undefined;
}

/** At most so many answers, and none older, speak (search.md 6). */
const mostAnswers = 200;
const oldestMs = 10 * 60_000;
/** Answers slower than this many medians are stalls: they would pull the estimate to the cliff. */
const stallFactor = 4;
/** An estimate is worked out anew after this many answers; sorting at each would cost more than it tells. */
const refreshEvery = 16;

interface Page {
  /** A ring: the newest takes the place of the oldest. */
  readonly answers: { readonly ms: number; readonly at: number }[];
  next: number;
  sinceEstimate: number;
  estimate?: { readonly p90: number; readonly at: number };
}

/** Keeps the latest answers of each. */
export function createLatencyBook(clock: { now(): number }): LatencyBook {
  const pages = new Map<string, Page>();
  return {
    record(provider, operation, ms) {
      const key = `${provider} ${operation}`;
      const page = pages.get(key) ?? { answers: [], next: 0, sinceEstimate: 0 };
      pages.set(key, page);
      page.answers[page.next] = { ms, at: clock.now() };
      page.next = (page.next + 1) % mostAnswers;
      page.sinceEstimate += 1;
    },
    p90(provider, operation) {
      const page = pages.get(`${provider} ${operation}`);
      if (!page) return undefined;
      const now = clock.now();
      const { estimate } = page;
      const isYoung = page.answers.length < refreshEvery;
      if (estimate && !isYoung && page.sinceEstimate < refreshEvery && now - estimate.at < oldestMs / 10)
        return estimate.p90;
      const recent = page.answers.filter(({ at }) => now - at <= oldestMs);
      if (recent.length === 0) return undefined;
      const p90 = withoutStalls(recent.map(({ ms }) => ms));
      page.estimate = { p90, at: now };
      page.sinceEstimate = 0;
      return p90;
    },
  };
}

function withoutStalls(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const median = quantile(sorted, 0.5);
  return quantile(
    sorted.filter((ms) => ms <= stallFactor * median),
    0.9,
  );
}

/** A quantile of sorted values, the nearest rank. In: at least one value. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
