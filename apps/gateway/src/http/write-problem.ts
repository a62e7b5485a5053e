import { AppError, toProblem, type ErrorCode, type Problem } from '@universal-api/errors';
import type { Request, Response } from 'express';
import { rateHeadersFor } from './middleware/limit-rate.ts';

/** Seconds to wait that a refusal names when nobody knows better. */
const defaultWaitS: Partial<Record<ErrorCode, number>> = {
  overloaded: 1,
  service_unavailable: 1,
  idempotency_in_progress: 1,
};

/** The problem document of any thrown value: registry text and public details only. */
export function problemOf(thrown: unknown, requestId: string): Problem {
  const { code, details } = AppError.from(thrown);
  return toProblem(code, requestId, { ...details, retryAfterS: details.retryAfterS ?? defaultWaitS[code] });
}

/**
 * Answers a failure as `application/problem+json` (RFC 9457) with the headers that belong to its status: `Retry-After`,
 * `WWW-Authenticate` (RFC 6750, section 3), rate headers. An answer that has begun cannot be taken back: its connection is cut.
 */
export function writeProblem(request: Request, response: Response, thrown: unknown): void {
  const { call } = request;
  const problem = problemOf(thrown, call.requestId);
  call.code = problem.code;
  call.error = thrown;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = problem.status;
  const challenge = challengeOf(problem.code, problem.status, call.route?.rules.scope);
  if (challenge && !response.hasHeader('WWW-Authenticate')) response.setHeader('WWW-Authenticate', challenge);
  if (problem.retry_after !== undefined) response.setHeader('Retry-After', problem.retry_after);
  const rates = rateHeadersFor(call, problem.status, AppError.is(thrown) ? thrown.headers : undefined);
  for (const name in rates) response.setHeader(name, rates[name] ?? '');
  const body = JSON.stringify(problem);
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.setHeader('Cache-Control', 'no-store');
  response.end(body);
}

function challengeOf(code: ErrorCode, status: number, scope: string | undefined): string | undefined {
  if (code === 'invalid_token') return 'Bearer error="invalid_token"';
  if (code === 'permission_denied') return `Bearer error="insufficient_scope"${scope ? `, scope="${scope}"` : ''}`;
  // RFC 9110, section 11.6.1: no 401 is without a challenge, a wrong password's neither.
  return status === 401 ? 'Bearer' : undefined;
}
