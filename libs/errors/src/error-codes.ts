/** What a caller can do after a refusal (`next.action` of a problem document). */
export type NextAction = 'fix' | 'retry' | 'wait' | 'enable' | 'use_other';

/** One row of the registry: everything the outside may know of a code. */
export interface ErrorCodeFacts {
  /** HTTP status; the gRPC status follows from it (`grpc-status.ts`), unless `grpc` says otherwise. */
  readonly status: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Public title, fixed; never carries text of an upstream. */
  readonly title: string;
  /** A sentence for the docs page: when it happens and what helps. */
  readonly help: string;
  /** What the caller should do; the problem writer refines it by field, seconds or variable. */
  readonly next: NextAction;
}

const fix = { retryable: false, next: 'fix' } as const;
const retry = { retryable: true, next: 'retry' } as const;
const wait = { retryable: true, next: 'wait' } as const;

/** The registry of codes: the only list of what can go wrong. `docs/errors.md` is generated from it. */
export const errorCodes = {
  invalid_request: {
    ...fix,
    status: 400,
    title: 'Invalid request',
    help: 'A field is missing, out of range or malformed; `errors` names each one.',
  },
  unknown_field: {
    ...fix,
    status: 400,
    title: 'Unknown field',
    help: 'The request has a field that this operation does not take.',
  },
  malformed_body: { ...fix, status: 400, title: 'Malformed body', help: 'The body could not be read as JSON.' },
  invalid_header: {
    ...fix,
    status: 400,
    title: 'Invalid header',
    help: 'A header is malformed, or two headers contradict each other.',
  },
  multiple_credentials: {
    ...fix,
    status: 400,
    title: 'More than one credential',
    help: 'Send the key either as `Authorization: Bearer` or as `X-API-Key`, not both.',
  },
  credential_in_url: {
    ...fix,
    status: 400,
    title: 'Credential in the URL',
    help: 'URLs end up in logs. Send the key in a header, and replace the one you sent.',
  },
  page_token_invalid: {
    ...fix,
    status: 400,
    title: 'Page token invalid',
    help: 'The token is damaged or belongs to another query. Start again without it.',
  },
  unauthenticated: {
    ...fix,
    status: 401,
    title: 'Credential required',
    help: 'Send an API key as `Authorization: Bearer <key>`.',
  },
  invalid_token: {
    ...fix,
    status: 401,
    title: 'Credential not valid',
    help: 'The key or token is malformed, unknown, expired or revoked.',
  },
  invalid_credentials: {
    ...fix,
    status: 401,
    title: 'E-mail address or password wrong',
    help: 'The address is unknown or the password is wrong; which of the two is not said.',
  },
  invalid_grant: {
    ...fix,
    status: 401,
    title: 'Token not valid any more',
    help: 'The refresh, link or second-step token is unknown, used or expired. Log in again, or ask for a new link.',
  },
  fresh_proof_required: {
    ...fix,
    status: 403,
    title: 'Fresh proof required',
    help: 'Prove who you are with `POST /auth/reauth` (password or code), then send the call again within ten minutes.',
  },
  permission_denied: {
    ...fix,
    status: 403,
    title: 'Not allowed',
    help: 'The credential lacks the scope named in `WWW-Authenticate`.',
  },
  not_found: {
    ...fix,
    status: 404,
    title: 'Not found',
    help: 'There is no such thing, or it belongs to somebody else.',
  },
  route_not_found: { ...fix, status: 404, title: 'No such path', help: 'See `/docs` for every path there is.' },
  method_not_allowed: {
    ...fix,
    status: 405,
    title: 'Method not allowed',
    help: 'The path exists, with the methods named in `Allow`.',
  },
  idempotency_in_progress: {
    ...wait,
    status: 409,
    title: 'Still running',
    help: 'A call under the same `Idempotency-Key` is still running.',
  },
  already_exists: { ...fix, status: 409, title: 'Exists already', help: 'Something with this name is there already.' },
  conflict: { ...fix, status: 409, title: 'Conflict', help: 'The thing exists already, or changed meanwhile.' },
  body_too_large: { ...fix, status: 413, title: 'Body too large', help: 'The body exceeds what this operation takes.' },
  uri_too_long: { ...fix, status: 414, title: 'URL too long', help: 'Send fewer or shorter parameters.' },
  unsupported_media_type: { ...fix, status: 415, title: 'Unsupported content type', help: 'Send `application/json`.' },
  idempotency_key_reused: {
    ...fix,
    status: 422,
    title: 'Idempotency key reused',
    help: 'The same key was used for another request. Choose a new one.',
  },
  content_blocked: {
    ...fix,
    status: 422,
    title: 'Content blocked',
    help: 'The provider refuses to answer this content.',
  },
  quota_exceeded: {
    ...wait,
    status: 429,
    title: 'Too many requests',
    help: 'A rate policy named in `violated-policies` is used up. Wait `retry_after` seconds.',
  },
  budget_exceeded: {
    ...wait,
    status: 429,
    title: 'Quota or budget used up',
    help: 'A long quota or a budget of the tenant is used up until `retry_after`; `GET /quotas` shows which.',
  },
  headers_too_large: { ...fix, status: 431, title: 'Headers too large', help: 'The headers exceed 16 KiB in all.' },
  cancelled: {
    ...retry,
    status: 499,
    title: 'Cancelled by the caller',
    help: 'The connection was closed before the answer.',
  },
  internal: {
    ...retry,
    status: 500,
    title: 'Internal error',
    help: 'A fault of this installation; it is logged under the request id.',
  },
  unimplemented: {
    retryable: false,
    next: 'use_other',
    status: 501,
    title: 'Not implemented',
    help: 'The service does not serve this method.',
  },
  no_provider_available: {
    retryable: false,
    next: 'enable',
    status: 503,
    title: 'No provider available',
    help: 'Nobody may answer: `candidates` says why for each, and which variable would help.',
  },
  provider_unavailable: {
    ...retry,
    status: 503,
    title: 'Providers unavailable',
    help: 'All who may answer were down. The answer says when to try again.',
  },
  service_unavailable: {
    ...retry,
    status: 503,
    title: 'Service unavailable',
    help: 'A part of this installation is starting, stopping or out of reach.',
  },
  overloaded: {
    ...wait,
    status: 503,
    title: 'Temporarily reduced capacity',
    help: 'The gateway is full. Wait `Retry-After` seconds.',
  },
  provider_timeout: {
    ...retry,
    status: 504,
    title: 'Providers too slow',
    help: 'Nobody answered in time. A larger `routing.deadline_ms` may help.',
  },
  deadline_exceeded: {
    ...retry,
    status: 504,
    title: 'Deadline exceeded',
    help: 'The call took longer than its deadline.',
  },
} as const satisfies Record<string, ErrorCodeFacts>;

/** A code of the registry. */
export type ErrorCode = keyof typeof errorCodes;

/** Whether a word is a code of the registry. */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(errorCodes, word);
}

/** The facts of a code. */
export function factsOf(code: ErrorCode): ErrorCodeFacts {
  return errorCodes[code];
}
