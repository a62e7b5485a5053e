import { AppError } from '@universal-api/errors';
import { hasScope } from '@universal-api/principal';
import { reflect, type DescField, type Message } from '@universal-api/protos';
import type { Request, RequestHandler, Response } from 'express';
import type { Admission } from '../http/admission.ts';
import type { Caller } from '../http/caller.ts';
import { readBody } from '../http/middleware/limit-body.ts';
import type { RateGate } from '../http/middleware/limit-rate.ts';
import type { ServiceClients } from '../upstream/service-clients.ts';
import { bindRequest } from './bind-request.ts';
import type { Route } from './compile-route.ts';
import { traceparentOf } from './pass-metadata.ts';
import { writeStream, type StreamParts } from './write-stream.ts';
import { writeUnary } from './write-unary.ts';

/** Parts of the transcoder. */
export interface ServeParts extends StreamParts {
  readonly gate: RateGate;
  readonly admission: Admission;
  readonly clients: ServiceClients;
}

/**
 * Serves every API call whose route, caller and rate are settled: scope, body, message, slot, call, answer. The one handler of
 * all methods; what differs between them is in their descriptors.
 */
export function serveRoute(parts: ServeParts): RequestHandler {
  return async (request, response) => {
    const { call } = request;
    const { route, caller } = call;
    if (!route || !caller) throw new AppError('route_not_found');
    requireScope(route, caller);
    const message = await readMessage(request, route).catch(async (error: unknown) => {
      // Its cost is not known, but it was work: what cannot be read counts as one.
      if (route.costField) await parts.gate.chargeCall(call, caller, 1);
      throw error;
    });
    if (route.costField) await chargeByCost(route.costField, message, request, caller, parts.gate);
    if (route.deprecation) {
      response.setHeader('Deprecation', route.deprecation.deprecation);
      response.setHeader('Sunset', route.deprecation.sunset);
    }
    const leave = parts.admission.enter(route.isCritical, slotHolder(route, caller));
    try {
      await callAndAnswer(request, response, { route, caller, message }, parts);
    } finally {
      leave();
    }
  };
}

/**
 * Whose share of the slots a call counts in; nobody's on plan `unlimited`. Who has no credential yet has a share of their own:
 * else the calls of anonymous ones would keep everybody from logging in.
 */
function slotHolder({ isPublic }: Route, { plan, tid }: Caller): string | undefined {
  if (isPublic) return 'public';
  return plan === 'unlimited' ? undefined : tid;
}

async function readMessage(request: Request, route: Route): Promise<Message> {
  const body = await readBody(request, {
    takesBody: route.rule.body !== '',
    takesForm: route.rules.acceptForm && route.rule.body === '*',
    maxBytes: route.maxRequestBytes,
  });
  const { segments = [], query } = request.call;
  return bindRequest(route, { segments, query, body: body.bytes, isForm: body.isForm });
}

function requireScope({ isPublic, rules }: Route, caller: Caller): void {
  if (isPublic || hasScope(caller.scp, rules.scope)) return;
  throw new AppError('permission_denied', { detail: `This needs the scope ${rules.scope}.` });
}

interface BoundCall {
  readonly route: Route;
  readonly caller: Caller;
  readonly message: Message;
}

async function callAndAnswer(request: Request, response: Response, bound: BoundCall, parts: ServeParts): Promise<void> {
  const { call, headers } = request;
  const aborter = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) aborter.abort();
  };
  if (response.destroyed) aborter.abort();
  const traceparent = traceparentOf(headers, call.callId);
  call.traceparent = traceparent;
  response.once('close', onClose);
  const upstream = {
    ...bound,
    headers,
    requestId: call.requestId,
    callId: call.callId,
    traceparent,
    receivedAt: call.receivedAt,
    address: call.address,
    signal: aborter.signal,
  };
  if (bound.route.isStream) {
    await writeStream(request, response, { answer: parts.clients.stream(upstream), aborter }, parts);
  } else {
    writeUnary(request, response, await parts.clients.unary(upstream), parts);
  }
}

/** Items of a list, or the number itself; at least 1. */
async function chargeByCost(
  field: DescField,
  message: Message,
  request: Request,
  caller: Caller,
  gate: RateGate,
): Promise<void> {
  const value: unknown = reflect(field.parent, message, false).get(field);
  const size = typeof value === 'number' ? value : (value as { readonly size?: number }).size;
  try {
    await gate.chargeCall(request.call, caller, Math.max(1, Math.ceil(size ?? 1)));
  } catch (error) {
    if (!AppError.is(error) || error.code !== 'invalid_request') throw error;
    const rule = error.details.detail ?? 'costs more than any policy allows at once';
    throw new AppError('invalid_request', { errors: [{ field: field.name, rule }], cause: error });
  }
}
