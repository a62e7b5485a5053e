import type { Request } from 'express';
import type { Route } from '../transcode/compile-route.ts';
import type { Caller } from './caller.ts';

/** What the stages of the path learn of one request, each for the next. */
export interface ApiCall {
  /** As the caller knows it: theirs when it is well-formed, else ours. */
  requestId: string;
  /** As we know it, always ours: ledger and events hang on it. */
  readonly callId: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
  /** Address of the client, behind trusted proxies; IPv4-mapped addresses folded. */
  readonly address: string;
  /** Whether its path is one of the API's, known or not. */
  isApi?: boolean;
  /** Where it leads; absent outside the API. */
  route?: Route;
  /** Decoded segments of the path. */
  segments?: readonly string[];
  /** What follows `?`, still percent-encoded. */
  query: string;
  caller?: Caller;
  /** Rate limits of the caller's own, by policy. */
  limits?: Readonly<Record<string, number>>;
  /** W3C trace context of the call to the service, once there is one. */
  traceparent?: string;
  /** Where the answer came from, if it says so. */
  provenance?: Provenance;
  /** Headers of the rate decision, by name; not sent with 3xx, 401 and 403. */
  rateHeaders?: Readonly<Record<string, string>>;
  /** How the buckets stood that refused, one text for each policy. */
  refusals?: readonly string[];
  /** Code of the problem that was answered. */
  code?: string;
  /** What the failure was, for the log. */
  error?: unknown;
}

/** What an answer's `meta` tells of its origin. */
export interface Provenance {
  /** Id of the provider. */
  readonly provider: string;
  readonly isCached: boolean;
  /** Less than was asked. */
  readonly isDegraded: boolean;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by the first middleware, so there for all others. */
    call: ApiCall;
  }
}

/** Values of a header as they came, one per line of it; Node joins or drops repeated ones. */
export function headerLines(request: Request, name: string): string[] {
  const lines: string[] = [];
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index];
    if (raw?.length === name.length && raw.toLowerCase() === name) lines.push(rawHeaders[index + 1] ?? '');
  }
  return lines;
}
