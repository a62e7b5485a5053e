import { AppError } from '@universal-api/errors';
import { requestNames } from '@universal-api/grpc';
import { isTraceparent } from '@universal-api/telemetry';
import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from './compile-route.ts';

/** The ids of one call, and who makes it. */
export interface CallIdentity {
  readonly requestId: string;
  readonly callId: string;
  /** From `traceparentOf`. */
  readonly traceparent: string;
  /** Signed, for this service and method. */
  readonly principal: string;
}

const visible = /^[\x21-\x7e]{1,255}$/;
const unprintable = /[^\x20-\x7e]+/g;
const maxUserAgent = 256;

/**
 * The request metadata of a call: the closed list of names that cross (architecture.md 4). Nothing of the caller's headers goes
 * on but what this says; `x-uapi-*` of a caller never does.
 * Errors: `invalid_header` for a malformed `Idempotency-Key` or `Last-Event-ID`.
 */
export function toRequestMetadata(
  route: Route,
  headers: IncomingHttpHeaders,
  identity: CallIdentity,
): Record<string, string> {
  const metadata: Record<string, string> = {
    [requestNames.principal]: identity.principal,
    [requestNames.callId]: identity.callId,
    [requestNames.requestId]: identity.requestId,
    [requestNames.depth]: '1',
    [requestNames.traceparent]: identity.traceparent,
  };
  const userAgent = headers['user-agent']?.slice(0, maxUserAgent).replace(unprintable, ' ').trim();
  if (userAgent) metadata[requestNames.userAgent] = userAgent;
  if (route.takesIdempotencyKey) carry(metadata, requestNames.idempotencyKey, headers, 'Idempotency-Key');
  if (route.rules.sse?.resume) carry(metadata, requestNames.lastEventId, headers, 'Last-Event-ID');
  const cookie = route.rules.cookies ? headers.cookie?.replace(unprintable, '') : undefined;
  if (cookie) metadata[requestNames.cookie] = cookie;
  return metadata;
}

/**
 * The trace that a call belongs to: the caller's when its header is well-formed, else a new one, not sampled, since nothing
 * records spans yet. The id of a call is as unique as a trace's has to be.
 */
export function traceparentOf({ traceparent }: IncomingHttpHeaders, callId: string): string {
  if (typeof traceparent === 'string' && isTraceparent(traceparent)) return traceparent;
  const id = callId.replaceAll('-', '');
  return `00-${id}-${id.slice(16)}-00`;
}

function carry(metadata: Record<string, string>, to: string, headers: IncomingHttpHeaders, name: string): void {
  const value = headers[name.toLowerCase()];
  if (value === undefined) return;
  if (typeof value !== 'string' || !visible.test(value)) {
    throw new AppError('invalid_header', { errors: [{ field: name, rule: '1 to 255 visible ASCII characters' }] });
  }
  metadata[to] = value;
}

/** What the response metadata of a service means for the answer. */
export interface ResponseHead {
  /** HTTP status, when the service chose one of 200, 201, 202 and 204, or 503 for an answer that tells of an outage. */
  readonly status?: number;
  /** Headers to set, by name. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const statuses: ReadonlySet<string> = new Set(['200', '201', '202', '204', '503']);
const nothing: ResponseHead = { headers: [] };
/** Names that become headers as they are; `set-cookie` only for methods that have to do with cookies. */
const honoured = [
  'location',
  'etag',
  'cache-control',
  'content-disposition',
  'www-authenticate',
  'idempotent-replayed',
] as const;
const lineBreak = /[\r\n]/;

/** The response metadata that is honoured; everything else stays inside. Pure. */
export function toResponseHead(route: Route, metadata: Readonly<Record<string, string>>): ResponseHead {
  let status: number | undefined;
  let headers: [string, string][] | undefined;
  const given = metadata['x-http-status'];
  if (given !== undefined && statuses.has(given)) status = Number(given);
  for (const name of route.rules.cookies ? [...honoured, 'set-cookie'] : honoured) {
    const value = metadata[name];
    if (value !== undefined && !lineBreak.test(value)) (headers ??= []).push([name, value]);
  }
  return status === undefined && !headers ? nothing : { status, headers: headers ?? [] };
}
