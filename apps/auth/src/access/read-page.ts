import type { Keyset, PageQuery, PageTokens } from '@universal-api/database';

/** Rows of a page when nobody says. */
const defaultPageSize = 20;

interface PageRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

/** Where a page begins, and how long it is. */
export interface Page {
  readonly query: PageQuery;
  /** Key of the last row of the page before, as texts; absent: from the start. */
  readonly after: readonly string[] | undefined;
  readonly size: number;
}

/** The page that is asked for. Errors: `page_token_invalid`. */
export function readPage(pages: PageTokens, request: PageRequest, query: PageQuery): Page {
  const { pageSize: size = defaultPageSize, pageToken } = request;
  return { query, after: pages.read(query, pageToken)?.map(String), size };
}

/**
 * The rows of a page out of one more than fit, and the token of the next page; empty on the last. `keysetOf` gives the
 * values that the list is ordered by.
 */
export function cutPage<Row>(
  pages: PageTokens,
  { query, size }: Page,
  rows: readonly Row[],
  keysetOf: (row: Row) => Keyset,
): { rows: readonly Row[]; nextPageToken: string } {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const isMore = rows.length > size && last !== undefined;
  return { rows: shown, nextPageToken: isMore ? pages.make(query, keysetOf(last)) : '' };
}
