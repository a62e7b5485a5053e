/** A call that the home page offers. */
export interface HomeCall {
  readonly title: string;
  /** How the page draws the answer; see `assets/home.js`. */
  readonly kind: 'time' | 'place' | 'country' | 'word';
  /** Path with query, encoded. */
  readonly path: string;
}

/** Calls that answer without a key and, by local providers, without a network. */
export const homeCalls: readonly HomeCall[] = [
  { title: 'The time in Tokyo', kind: 'time', path: '/api/v1/time/now?timezone=Asia/Tokyo' },
  { title: 'Where Lyon is', kind: 'place', path: '/api/v1/geocoding/forward?address=Lyon' },
  { title: 'Facts about Peru', kind: 'country', path: '/api/v1/countries/PE' },
  { title: 'What serendipity means', kind: 'word', path: '/api/v1/dictionary/serendipity' },
];
