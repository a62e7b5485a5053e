import type { Logger } from '@universal-api/logging';
import type { RequestHandler } from 'express';
import { factsOf, isErrorCode } from '@universal-api/errors';
import type { ApiCall } from '../api-call.ts';

/** One request as it ended. */
export interface FinishedRequest {
  /** Stable id of the operation, else the method's path; empty outside the API. Never the raw path. */
  readonly operation: string;
  readonly verb: string;
  /** Path template; empty outside the API. */
  readonly route: string;
  readonly status: number;
  /** Code of the registry, or `ok`; `cancelled` when the caller left before the end. */
  readonly code: string;
  readonly ms: number;
  readonly call: ApiCall;
}

/** Told of every request when it has ended, whichever way. */
export type OnFinishedRequest = (request: FinishedRequest) => void;

/** Parts of recording. */
export interface RecordParts {
  readonly onFinished: OnFinishedRequest;
  readonly log: Logger;
}

/** Nothing was sent to a caller who had left; the status that the registry has for it. */
const leftStatus = factsOf('cancelled').status;

/** Tells of each request once it has ended, and logs what was our own fault. Labels are closed sets, never raw paths. */
export function recordRequest({ onFinished, log }: RecordParts): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const { call } = request;
      const route = call.route;
      const code = call.code ?? (response.writableFinished ? 'ok' : 'cancelled');
      const ms = performance.now() - startedAt;
      const operation = route ? route.rules.operation || route.grpcPath : '';
      const template = route?.template.text ?? '';
      const status = code === 'cancelled' && !response.headersSent ? leftStatus : response.statusCode;
      onFinished({ operation, verb: request.method, route: template, status, code, ms, call });
      // What is shed is counted, not logged: under overload a line each would cost more than the refusal.
      if (!isErrorCode(code) || factsOf(code).status < 500 || code === 'overloaded') return;
      const fields = { code, request_id: call.requestId, tenant: call.caller?.tid, route: template, operation, ms };
      if (code === 'internal') log.error('request failed', { ...fields, err: call.error });
      else log.warn('request failed', { ...fields, reason: reasonOf(call.error) });
    });
    next();
  };
}

function reasonOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}
