import type { CacheClass } from '@universal-api/cache';
import type { NoQuota } from './quota/call-quota.ts';

/** A caller's wishes about who answers; each entry is a provider id. `uapi.common.v1.RoutingOptions` is one. */
export interface Wishes {
  /** Only these may answer; empty: all. */
  readonly only: readonly string[];
  /** These are asked first, in this order. */
  readonly order: readonly string[];
  /** These are never asked. */
  readonly ignore: readonly string[];
}

/** What a question is about, as far as providers are limited to it; absent: not known. */
export interface Coverage {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countryCode?: string;
  /** BCP 47. */
  readonly language?: string;
}

/** The call that a question belongs to. */
export interface CallOrigin {
  readonly callId: string;
  /** UUID. */
  readonly tenantId: string;
  /** Made with a `test` key. */
  readonly isTest: boolean;
  /** Plan of the tenant; `unlimited` has no quota of calls. */
  readonly plan: string;
}

/** One question to whoever may answer it. */
export interface RouteQuestion<Q, A> {
  /** `category.operation`. */
  readonly operation: string;
  /** What a provider is asked, in the shape of its operation. */
  readonly question: Q;
  /** What tells this question from others, normalised; part of the cache key, written as JSON. */
  readonly key: readonly unknown[];
  readonly cacheClass: CacheClass;
  /** BCP 47; part of the cache key. */
  readonly language: string;
  readonly wishes?: Wishes;
  readonly coverage?: Coverage;
  /** For callers without a credential of ours: nobody is asked with the operator's. */
  readonly keylessOnly?: boolean;
  /** When the answer is too late, ms since the epoch. */
  readonly deadlineAt: number;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** W3C Trace Context header. */
  readonly traceparent?: string;
  /** The call behind the question; absent where nobody keeps account of attempts. */
  readonly origin?: CallOrigin;
  /** The answer that means "nothing found", for a search; absent: nothing found is the error `not_found`. */
  readonly nothing?: A;
}

/** One attempt, or one candidate that was passed over, in order. */
export interface AttemptRecord {
  readonly provider: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly ms: number;
  /** Failure class, `timeout` or `overloaded`, or the reason for passing over; empty on success. */
  readonly code: string;
}

/** What is known of an attempt beside what its caller is told. */
export interface AttemptFacts {
  /** Its number within the call, from 1. */
  readonly place: number;
  /** Provider that failed before it; absent if none did. */
  readonly fallbackFrom?: string;
  /** Microseconds it took; 0 for a candidate that was passed over. */
  readonly totalUs: number;
  /** The call that began it; callers who joined that one are not told of. */
  readonly origin?: CallOrigin;
  readonly traceparent?: string;
}

/** One way in which an answer is less than was asked. */
export interface Degradation {
  readonly code: string;
  readonly detail: string;
  readonly from: string;
  readonly to: string;
}

/** Where an answer comes from. */
export interface AnswerMeta {
  readonly provider: string;
  /** Empty when the answer was kept from an earlier call. */
  readonly attempts: readonly AttemptRecord[];
  readonly cached: boolean;
  /** When the provider gave it, ms since the epoch. */
  readonly asOf: number;
  readonly degraded: readonly Degradation[];
  readonly licence: string;
  readonly attribution: string;
  /** nano-USD of this call. */
  readonly costNanoUsd: bigint;
  /** Until when it counts as fresh, ms since the epoch; not after `asOf`: it is not kept. */
  readonly freshUntil: number;
  /** The tenant's quota of calls kept remote providers from being asked. */
  readonly quota?: NoQuota;
}

/** An answer and where it comes from. */
export interface Routed<A> {
  readonly answer: A;
  readonly meta: AnswerMeta;
}
