/** Shorter than any two changes of one zone since 1970 (Morocco's Ramadan time takes about five weeks). */
const stepMs = 7 * 86_400_000;

/**
 * First change of an offset after `from`, or undefined if there is none until `to`.
 * A change that is undone within a week is not seen.
 */
export function findChange(offset: (at: number) => number, from: number, to: number): number | undefined {
  const before = offset(from);
  for (let low = from; low < to; low += stepMs) {
    const high = Math.min(low + stepMs, to);
    if (offset(high) !== before) return bisect(offset, before, low, high);
  }
  return undefined;
}

function bisect(offset: (at: number) => number, before: number, from: number, to: number): number {
  // Changes happen on whole seconds.
  let low = Math.floor(from / 1_000);
  let high = Math.ceil(to / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle * 1_000) === before) low = middle;
    else high = middle;
  }
  return high * 1_000;
}
