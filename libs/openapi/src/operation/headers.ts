import type { Schema } from '../schema/well-known-schemas.ts';

const text = (description: string): Schema => ({ description, schema: { type: 'string' } });

/** Headers of answers, by name: the components of the document. */
export const headers = {
  'X-Request-ID': text('Id of this call; quote it when you report something.'),
  RateLimit: text('What is left of each rate policy, tightest first (draft-ietf-httpapi-ratelimit-headers-10).'),
  'RateLimit-Policy': text('The rate policies that this call counts against.'),
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': text('What kind of credential is missing, or which scope.'),
  ETag: text('Weak validator of the answer without its `meta`; send it back as `If-None-Match`.'),
  'Cache-Control': text('How long the answer may be reused.'),
  'Idempotent-Replayed': text('`true` when the answer is the stored one of an earlier call.'),
  Deprecation: text('When the operation was deprecated (RFC 9745).'),
  Sunset: text('When it ends (RFC 8594).'),
} satisfies Record<string, Schema>;

/** Name of a header that the document knows. */
export type HeaderName = keyof typeof headers;

/** References to headers, as the `headers` of a response. */
export function headerRefs(names: readonly HeaderName[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
