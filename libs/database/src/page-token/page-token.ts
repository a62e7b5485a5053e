import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import { deriveKeys, macOf, type SecretVersions } from '../derive-keys.ts';

/** Where the next page begins: the values of the columns that the list is ordered by, of the last row. */
export type Keyset = readonly (string | number | boolean | null)[];

/** Which list, whose, and how it was narrowed; a token works for the same one alone. */
export interface PageQuery {
  /** Name of the operation, such as `audit.list`. */
  readonly list: string;
  readonly tenantId: string;
  /** What narrows or orders the list; not the size of the page. Absent fields and `undefined` are the same. */
  readonly filter?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Page tokens of a service: base64url(keyset ‖ hash of query ‖ version ‖ MAC), style.md 4.6. */
export interface PageTokens {
  /** The token of the page after this keyset. */
  make(query: PageQuery, keyset: Keyset): string;
  /** The keyset inside; `undefined` for an absent or empty token. Errors: `page_token_invalid`, damaged or of another query. */
  read(query: PageQuery, token: string | undefined): Keyset | undefined;
}

const version = 1;
const hashBytes = 16;
const macBytes = 16;
const tailBytes = hashBytes + 1;

/** Makes the page tokens of a service. `keys` is `INTERNAL_AUTH_KEY`; tokens under any version of it are taken. */
export function createPageTokens({ service, keys }: { service: string; keys: SecretVersions }): PageTokens {
  const derived = deriveKeys(keys, `page:${service}`);
  const [current] = derived;
  if (!current) throw new AppError('internal', { internal: 'a key ring without a key' });
  const seal = (key: typeof current, body: Uint8Array) => macOf(key, ['token', body]).subarray(0, macBytes);
  // The hash of a query is a MAC too, so that a token tells nothing of what was asked.
  const hashOf = (key: typeof current, query: PageQuery) => macOf(key, ['query', spell(query)]).subarray(0, hashBytes);

  return {
    make(query, keyset) {
      const body = Buffer.concat([Buffer.from(JSON.stringify(keyset)), hashOf(current, query), Buffer.from([version])]);
      return Buffer.concat([body, seal(current, body)]).toString('base64url');
    },
    read(query, token) {
      if (token === undefined || token === '') return undefined;
      const bytes = Buffer.from(token, 'base64url');
      // The decoder passes over what is not base64url; a token has one spelling.
      const isWhole = bytes.length > tailBytes + macBytes && bytes.toString('base64url') === token;
      if (!isWhole) throw new AppError('page_token_invalid');
      const body = bytes.subarray(0, -macBytes);
      const key = derived.find((one) => timingSafeEqual(seal(one, body), bytes.subarray(-macBytes)));
      const isSame =
        key && body.at(-1) === version && timingSafeEqual(hashOf(key, query), body.subarray(-tailBytes, -1));
      if (!isSame) throw new AppError('page_token_invalid');
      return JSON.parse(body.subarray(0, -tailBytes).toString()) as Keyset;
    },
  };
}

function spell({ list, tenantId, filter = {} }: PageQuery): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return JSON.stringify([list, tenantId, given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
