import type { ErrorCode } from './error-codes.ts';

/** The nine ways a provider fails; the router decides by these alone. */
export const failureClasses = [
  'retry_here',
  'retry_elsewhere',
  'quota_exhausted',
  'auth',
  'caller_error',
  'not_found',
  'content_blocked',
  'empty',
  'malformed',
] as const;

/** One of the nine classes of provider failure. */
export type FailureClass = (typeof failureClasses)[number];

/** Border 1: what a caller is told when the last candidate of a chain failed with this class. */
export const codeOfFailure: Readonly<Record<FailureClass, ErrorCode>> = {
  retry_here: 'provider_unavailable',
  retry_elsewhere: 'provider_unavailable',
  quota_exhausted: 'no_provider_available',
  auth: 'provider_unavailable',
  caller_error: 'invalid_request',
  not_found: 'not_found',
  content_blocked: 'content_blocked',
  empty: 'not_found',
  malformed: 'provider_unavailable',
};
