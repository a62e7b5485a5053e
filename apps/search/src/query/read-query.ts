import { AppError } from '@universal-api/errors';
import { foldName } from '@universal-api/providers-kit/local/fold-name';

/** A word of a query: where it stands in the normalised text (UTF-16 units, end exclusive), and how it is compared. */
export interface Token {
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

/** A query as it is understood; for display there is `raw`. */
export interface Query {
  readonly raw: string;
  /** NFKC, without control and direction characters, trimmed, single spaces; case and accents kept. */
  readonly normalised: string;
  readonly tokens: readonly Token[];
  /** The folded tokens, one space between them: what rules are matched against. */
  readonly folded: string;
}

/** Characters that turn the direction of text; they show nothing and hide much. */
const direction = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
// Apostrophes and hyphens end a token: what follows "l'" or "d'" is a word of its own.
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Reads the text of a query. Errors: `invalid_request`, naming the field, when nothing is left of it. */
export function readQuery(field: string, raw: string): Query {
  const normalised = raw
    .toWellFormed()
    .normalize('NFKC')
    .replace(direction, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  if (normalised === '') {
    throw new AppError('invalid_request', { errors: [{ field, rule: 'must have characters that are not space' }] });
  }
  const tokens = [...normalised.matchAll(word)].flatMap(({ 0: text, index }) =>
    foldName(text)
      .split(' ')
      .filter((folded) => folded !== '')
      .map((folded) => ({ folded, start: index, end: index + text.length })),
  );
  return { raw, normalised, tokens, folded: tokens.map(({ folded }) => folded).join(' ') };
}
