import { isTokenShaped } from './access-token.ts';
import { readApiKey, type ApiKeyParts } from './api-key.ts';

/** What of a request can carry a credential, as plain values. */
export interface CredentialSource {
  /** Value of `Authorization`; a list if the header came more than once. */
  readonly authorization?: string | readonly string[] | undefined;
  /** Value of `X-API-Key`; a list if the header came more than once. */
  readonly apiKey?: string | readonly string[] | undefined;
  /** Path and query as they came, still percent-encoded. */
  readonly url: string;
}

/** A request without a credential, with a key or token of right shape, or with something that is refused under a code. */
export type Credential =
  | { readonly kind: 'none' }
  | ({ readonly kind: 'api_key'; /** The whole key. */ readonly text: string } & ApiKeyParts)
  | {
      readonly kind: 'token';
      /** The whole access token; only its outer shape is known to be right. */ readonly text: string;
    }
  | { readonly kind: 'refused'; readonly code: 'multiple_credentials' | 'invalid_token' | 'credential_in_url' };

const none: Credential = { kind: 'none' };
const bearer = /^bearer +([^ \t]+)$/i;
/** Names of query parameters that carry credentials elsewhere, in lower case without `-` and `_`. */
const credentialNames: ReadonlySet<string> = new Set(['apikey', 'xapikey', 'accesstoken', 'refreshtoken']);
/** Keys, refresh tokens and the tokens of second steps. Wider than `apiKeyPattern`: here a key glued to other text is still a key in a log. */
const keyInText = /uapi_(?:(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}|(?:rt|mfa)_[\w-]{43})/;

/**
 * The credential of a request (platform.md 1.4). `Authorization: Bearer <key or access token>`, scheme in any case, one or
 * more spaces, or `X-API-Key: <key>`; nothing is looked up.
 *
 * Refused: in the URL → `credential_in_url`; both headers, or one twice → `multiple_credentials`; another scheme, an extra
 * word, wrong shape or checksum → `invalid_token`.
 */
export function readCredential(source: CredentialSource): Credential {
  if (hasCredentialInUrl(source.url)) return { kind: 'refused', code: 'credential_in_url' };
  const authorizations = toList(source.authorization);
  const apiKeys = toList(source.apiKey);
  const [authorization] = authorizations;
  const [apiKey] = apiKeys;
  if (authorizations.length + apiKeys.length > 1) return { kind: 'refused', code: 'multiple_credentials' };
  if (authorization !== undefined) {
    const text = bearer.exec(authorization)?.[1];
    return text !== undefined && isTokenShaped(text) ? { kind: 'token', text } : toCredential(text);
  }
  return apiKey === undefined ? none : toCredential(apiKey);
}

function toList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function toCredential(text: string | undefined): Credential {
  const parts = text === undefined ? undefined : readApiKey(text);
  if (text === undefined || parts === undefined) return { kind: 'refused', code: 'invalid_token' };
  return { kind: 'api_key', text, ...parts };
}

/**
 * Whether a path and query, still percent-encoded, hold something that is or is named like a credential: URLs end up in logs,
 * histories and referrers. Methods that read no credential refuse it as well (`credential_in_url`).
 */
export function hasCredentialInUrl(url: string): boolean {
  if (keyInText.test(url) || (url.includes('%') && keyInText.test(decode(url)))) return true;
  const queryAt = url.indexOf('?');
  return (
    queryAt >= 0 &&
    url
      .slice(queryAt + 1)
      .split('&')
      .some(namesCredential)
  );
}

function namesCredential(parameter: string): boolean {
  const name = decode(parameter.split('=', 1)[0] ?? '');
  return credentialNames.has(name.toLowerCase().replaceAll(/[-_]/g, ''));
}

/** ASCII escapes only, and forgiving: one broken escape must not hide a key beside it. */
function decode(text: string): string {
  return text.replaceAll(/%([0-7][0-9a-f])/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
