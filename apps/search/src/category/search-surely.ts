import type { CacheClass } from '@universal-api/cache';
import type { Availability, Routed } from '@universal-api/providers-router';
import { isUnsureNothing, refuseNothing } from './refuse-nothing.ts';

/** How something is searched for. */
export interface Search<Item> {
  readonly search: (cacheClass: CacheClass) => Promise<Routed<readonly Item[]>>;
  /** What is no match is not found. */
  readonly isMatch: (item: Item) => boolean;
  /** The chain as it stands now. */
  readonly available: () => readonly Availability[];
  /** ms since the epoch. */
  readonly now: () => number;
}

/**
 * What a search found, where "nothing" is said only if all who could answer know of nothing.
 *
 * Errors: those of `refuseNothing` if somebody better failed or was down. That is never said by a kept answer, since errors
 * are not stored: it is asked anew.
 */
export async function searchSurely<Item>(
  cacheClass: CacheClass,
  { search, isMatch, available, now }: Search<Item>,
): Promise<Routed<readonly Item[]>> {
  const matchesOf = async (as: CacheClass) => {
    const { answer, meta } = await search(as);
    return { answer: answer.filter(isMatch), meta };
  };
  const kept = await matchesOf(cacheClass);
  const found = kept.meta.cached && isUnsureNothing(kept) ? await matchesOf('none') : kept;
  if (isUnsureNothing(found)) throw refuseNothing(found.meta, available(), now());
  return found;
}
