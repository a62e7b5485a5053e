import type { Principal } from '@universal-api/principal';
import type { ResponseName } from './metadata-names.ts';

/** What a handler knows of a call beside its message. */
export interface CallContext {
  readonly principal: Principal;
  /** The call as the caller knows it. */
  readonly requestId: string;
  /** The call as we know it: ledger and events hang on it. */
  readonly callId: string;
  /** W3C Trace Context header, if the call came with one. */
  readonly traceparent?: string;
  /** When the answer is too late, ms since the epoch. */
  readonly deadlineAt: number;
  /** Aborted when the caller leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** Services passed so far. */
  readonly depth: number;
  readonly idempotencyKey?: string;
  readonly lastEventId?: string;
  readonly userAgent?: string;
  /** Only for methods with `cookies: true`. */
  readonly cookie?: string;
  /** Sets one of the response metadata that the gateway honours; before the answer or the first message of a stream. */
  setHeader(name: ResponseName, value: string): void;
  /** Sends the response metadata of a stream now: the request is accepted, the first message may take its time. */
  accept(): void;
}
