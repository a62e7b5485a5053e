import { commentsOf, methodRules, Idempotency, type DescMethod, type HttpRule } from '@universal-api/protos';
import { fieldSchema, type RefTo } from '../schema/field-schema.ts';
import type { Schema } from '../schema/well-known-schemas.ts';
import { headerRefs, type HeaderName } from './headers.ts';

const noContent = 204;

/** The answer to a call that worked, under its status. Throws when `response_body` names no field. */
export function successResponse(method: DescMethod, rule: HttpRule, refTo: RefTo, example: unknown): Schema {
  const status = methodRules(method).successStatus || 200;
  const content = isStream(method) ? streamContent(method, refTo) : jsonContent(method, rule, refTo, example);
  return {
    [status]: {
      description: isStream(method) ? 'A stream of messages.' : commentsOf(method.output) || 'Success.',
      headers: headerRefs(headerNames(method, rule)),
      ...(status === noContent ? {} : { content }),
    },
  };
}

/** Whether a method answers with a stream of messages. */
export function isStream(method: DescMethod): boolean {
  return method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
}

function jsonContent(method: DescMethod, rule: HttpRule, refTo: RefTo, example: unknown): Schema {
  return {
    'application/json': {
      schema: rule.responseBody === '' ? refTo(method.output, 'response') : memberSchema(method, rule, refTo),
      ...(example === undefined ? {} : { example }),
    },
  };
}

function memberSchema(method: DescMethod, rule: HttpRule, refTo: RefTo): Schema {
  const field = method.output.fields.find(({ name }) => name === rule.responseBody);
  if (!field) throw new Error(`${method.output.typeName} has no field ${rule.responseBody}, which a rule names`);
  return fieldSchema(field, 'response', refTo);
}

function streamContent(method: DescMethod, refTo: RefTo): Schema {
  // OpenAPI 3.1 has no keyword for the items of a stream.
  const item = { 'x-item-schema': refTo(method.output, 'response') };
  const sse = '`event:` names the member of the message that is set, `data:` is its JSON; a failure is `event: error`.';
  return {
    'text/event-stream': { schema: { type: 'string', description: `Server-sent events: ${sse}` }, ...item },
    'application/x-ndjson': { schema: { type: 'string', description: 'One message as JSON a line.' }, ...item },
  };
}

function headerNames(method: DescMethod, rule: HttpRule): HeaderName[] {
  const rules = methodRules(method);
  const isCached = rule.verb === 'GET' && rules.cacheClass !== '' && rules.cacheClass !== 'none';
  return [
    'X-Request-ID',
    'RateLimit',
    'RateLimit-Policy',
    ...(isCached ? (['ETag', 'Cache-Control'] as const) : []),
    ...(rules.idempotency === Idempotency.KEY ? (['Idempotent-Replayed'] as const) : []),
    ...(rules.deprecatedSince ? (['Deprecation', 'Sunset'] as const) : []),
  ];
}
