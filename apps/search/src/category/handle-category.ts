import type { CallContext } from '@universal-api/grpc';
import { timestampFromMs, type MessageInitShape } from '@universal-api/protos';
import type { MetaSchema } from '@universal-api/protos/gen/uapi/common/v1/meta_pb';
import type { RoutingOptions } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import type { AnswerMeta } from '@universal-api/providers-router';
import { startCall, type CallParts } from './category-call.ts';
import type { AnyRow } from './category-row.ts';
import { defaultLanguage } from './language.ts';

/** A handler as the gRPC server takes it; the message before it has been checked against its field rules. */
export type CategoryHandler = (request: { routing?: RoutingOptions }, context: CallContext) => Promise<object>;

/** No answer is kept by a client for longer, s. */
const longestMaxAgeS = 30 * 24 * 3600;

/** The handler of a row: question, router, answer with provenance; the same for every row. */
export function handleCategory(row: AnyRow, parts: CallParts): CategoryHandler {
  const { operation, toLanguage, toQuestion, ask, toBody } = row;
  return async (request, context) => {
    const call = startCall(parts, request.routing, context);
    // The table pairs requests with rows by method; here their types are not known.
    const message = request as never;
    const language = toLanguage?.(message, call) ?? defaultLanguage;
    const question = await toQuestion(message, call, language);
    const asked = ask ? ask(question, { request: message, call }) : call.ask(operation, question, language);
    const { answer, meta } = await asked;
    const body = await toBody(answer, { request: message, question, provider: meta.provider, call });
    const provenance = call.provenance(meta);
    const maxAgeS = Math.floor((provenance.freshUntil - parts.clock.now()) / 1000);
    const life = maxAgeS > 0 ? `private, max-age=${Math.min(maxAgeS, longestMaxAgeS)}` : 'no-store';
    context.setHeader('cache-control', life);
    return { ...body, meta: toMeta(provenance, context.requestId) };
  };
}

/** Provenance as the message says it. */
function toMeta(meta: AnswerMeta, requestId: string): MessageInitShape<typeof MetaSchema> {
  return {
    requestId,
    provider: meta.provider,
    attempts: [...meta.attempts],
    cached: meta.cached,
    asOf: timestampFromMs(meta.asOf),
    degraded: [...meta.degraded],
    licence: meta.licence,
    attribution: meta.attribution,
    cost: String(meta.costNanoUsd),
  };
}
