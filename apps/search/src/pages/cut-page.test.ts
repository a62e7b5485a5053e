import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutPage } from './cut-page.ts';
import { createPageTokens } from './page-token.ts';

const tokens = createPageTokens(Buffer.alloc(32, 7));
const wish = (pageSize: number, pageToken?: string) => ({
  keyOf: (item: string) => item,
  filter: 'all',
  pageSize,
  pageToken,
  tokens,
});

describe('the pages of a list', () => {
  test('have each item once and in order, whatever their size', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 10 }), (all, pageSize) => {
        const seen: string[] = [];
        let pageToken: string | undefined;
        do {
          const page = cutPage(all, wish(pageSize, pageToken));
          expect(page.items.length).toBeLessThanOrEqual(pageSize);
          seen.push(...page.items);
          pageToken = page.nextPageToken;
        } while (pageToken);
        expect(seen).toEqual(all);
      }),
    );
  });

  test('cannot go on after an item that is gone', () => {
    const { nextPageToken } = cutPage(['a', 'b'], wish(1));
    expect(() => cutPage(['b'], wish(1, nextPageToken))).toThrow(
      expect.objectContaining({ code: 'page_token_invalid' }),
    );
  });
});
