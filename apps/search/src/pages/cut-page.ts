import { AppError } from '@universal-api/errors';
import type { PageTokens } from './page-token.ts';

/** Which page of a whole list. */
export interface PageWish<T> {
  /** What tells an item from the others; it outlives a change of the list. */
  readonly keyOf: (item: T) => string;
  /** What the list was filtered by. */
  readonly filter: string;
  readonly pageSize: number;
  /** Absent or empty: the first page. */
  readonly pageToken?: string;
  readonly tokens: PageTokens;
}

/** One page of a list that is there as a whole; the token is empty on the last. Errors: `page_token_invalid`. */
export function cutPage<T>(all: readonly T[], wish: PageWish<T>): { items: readonly T[]; nextPageToken: string } {
  const { keyOf, filter, pageSize, pageToken, tokens } = wish;
  const start = pageToken ? placeAfter(all, keyOf, tokens.open(pageToken, filter)) : 0;
  const items = all.slice(start, start + pageSize);
  const last = items.at(-1);
  const isLastPage = last === undefined || start + items.length >= all.length;
  return { items, nextPageToken: isLastPage ? '' : tokens.seal(keyOf(last), filter) };
}

function placeAfter<T>(all: readonly T[], keyOf: (item: T) => string, key: string): number {
  const place = all.findIndex((item) => keyOf(item) === key);
  if (place === -1)
    throw new AppError('page_token_invalid', { internal: 'the list no longer has the item of a token' });
  return place + 1;
}
