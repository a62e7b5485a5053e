/** For how many milliseconds the same transaction has been the oldest open one. */
export function createAge(): (heldBy: bigint | undefined) => number {
  let last: bigint | undefined;
  let since = 0;
  return (heldBy) => {
    const now = performance.now();
    if (heldBy === undefined || heldBy !== last) since = now;
    last = heldBy;
    return now - since;
  };
}
