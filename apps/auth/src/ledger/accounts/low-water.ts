/** Shares that are told of, per cent of the limit that is left. */
export const toldShares = [20, 5, 0] as const;

/** A share that is told of. */
export type ToldShare = (typeof toldShares)[number];

/** How an account stands. */
export interface AccountLevel {
  /** Absent: none. */
  readonly limit: bigint | null;
  readonly spent: bigint;
  /** The last share that was told of in this period. */
  readonly toldPct: number | null;
}

/** The share to tell of now: the lowest that was reached, if it has not been told; undefined: none. Pure. */
export function shareToTell({ limit, spent, toldPct }: AccountLevel): ToldShare | undefined {
  if (limit === null) return undefined;
  const left = limit > spent ? limit - spent : 0n;
  const reached = toldShares.findLast((share) => left * 100n <= limit * BigInt(share));
  return reached === undefined || (toldPct !== null && toldPct <= reached) ? undefined : reached;
}
