import { AppError } from '@universal-api/errors';
import { requestCompleted, type EventPublisher } from '@universal-api/events';
import { systemTenantId } from '@universal-api/ids';
import type { FinishedRequest, OnFinishedRequest } from '../http/middleware/record-request.ts';
import { outcomeOf } from './outcome-of.ts';

/** Writes `request.completed` for each call of the API, refused ones included; pages and health are none. */
export function publishRequests(publisher: Pick<EventPublisher, 'publish'>): OnFinishedRequest {
  return (request) => {
    const { call } = request;
    if (!call.isApi) return;
    publisher.publish(requestCompleted, {
      // Nobody's call, such as one with a wrong key, belongs to the platform.
      tenantId: call.caller?.tid ?? systemTenantId,
      correlationId: call.requestId,
      traceparent: call.traceparent,
      isTest: call.caller?.mode === 'test',
      data: toData(request),
    });
  };
}

function toData({ call, route, verb, status, code, operation, ms }: FinishedRequest) {
  const { provenance, error } = call;
  const isOk = code === 'ok';
  return {
    callId: call.callId,
    keyLineage: call.caller?.key,
    route,
    method: verb,
    status: code === 'cancelled' ? cancelledStatus : status,
    outcome: outcomeOf(code, provenance?.isDegraded ?? false),
    code: isOk ? '' : code,
    operation,
    provider: provenance?.provider,
    cached: provenance?.isCached,
    totalUs: Math.round(ms * 1_000),
    requestId: call.requestId,
    refusals: [...(call.refusals ?? [])],
    violatedPolicies: AppError.is(error) ? [...(error.details.violatedPolicies ?? [])] : [],
  };
}

/** The caller who left saw no status; the registry's is what the event says. */
const cancelledStatus = 499;
