/** Names of request metadata that cross between our processes; nothing else does. */
export const requestNames = {
  principal: 'x-uapi-principal',
  callId: 'x-uapi-call-id',
  idempotencyKey: 'x-uapi-idempotency-key',
  lastEventId: 'x-uapi-last-event-id',
  userAgent: 'x-uapi-user-agent',
  depth: 'x-uapi-depth',
  requestId: 'x-request-id',
  traceparent: 'traceparent',
  cookie: 'cookie',
  authorization: 'authorization',
} as const;

/** Names of response metadata that the gateway turns into the HTTP answer; it honours nothing else. */
export const responseNames = [
  'x-http-status',
  'location',
  'etag',
  'cache-control',
  'set-cookie',
  'content-disposition',
  'www-authenticate',
  'idempotent-replayed',
  // With a failure only, as headers of its error.
  'ratelimit-policy',
  'ratelimit',
] as const;

/** One of the response metadata names that are honoured. */
export type ResponseName = (typeof responseNames)[number];

/** Deepest chain of services behind one request; more is a loop. */
export const maxDepth = 3;

/** Largest message either way, bytes; asserted against the largest declared answer. */
export const maxMessageBytes = 24 * 1024 * 1024;
