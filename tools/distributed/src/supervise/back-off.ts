const firstMs = 500;
const longestMs = 30_000;

/** Wait before a crashed app is started again, ms: 500 after the first crash, twice as long after each further one, 30,000 at most. */
export function backOffMs(crashes: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, crashes - 1));
}
