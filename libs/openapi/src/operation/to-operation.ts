import { Idempotency, commentsOf, methodRules, type DescMethod, type HttpRule } from '@universal-api/protos';
import type { Example } from '../load-examples.ts';
import { described, type ComponentSchemas } from '../schema/component-schemas.ts';
import { groupRules, groupSentence } from '../schema/group-rules.ts';
import type { Schema } from '../schema/well-known-schemas.ts';
import { pathParameters, queryParameters } from './parameters.ts';
import { toDocumentedPath } from './path-template.ts';
import { problemResponses } from './problem-responses.ts';
import { requestBody } from './request-body.ts';
import { securityOf } from './security.ts';
import { successResponse } from './success-response.ts';

/** One operation, and where it stands in `paths`. */
export interface DocumentedOperation {
  readonly path: string;
  readonly verb: string;
  readonly operation: Schema;
}

/** Headers that callers send: components of the document. */
export const requestHeaders: Schema = {
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A repetition under the same key within 24 h answers the first result.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'Continues a stream after this event.',
    schema: { type: 'string' },
  },
};

/** The operation of one HTTP rule. Throws when the rule names a field that its messages lack. */
export function toOperation(
  method: DescMethod,
  rule: HttpRule,
  components: ComponentSchemas,
  example: Example | undefined,
): DocumentedOperation {
  const operationId = rule.index === 0 ? method.name : `${method.name}_${rule.index + 1}`;
  const { path, variables } = toDocumentedPath(rule.template);
  const inPath = new Set(variables.map(({ name }) => name));
  const request = example?.request;
  const parameters = [
    ...pathParameters(method.input, variables, components.refTo, request),
    ...queryParameters(method.input, takenOutsideQuery(method, rule, inPath), components.refTo, request),
    ...headerParameters(method),
  ];
  const body = requestBody({ method, rule, operationId, inPath, components, example: request });
  const operation: Schema = {
    operationId,
    tags: [tagOf(method)],
    ...words(method, rule),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: {
      ...successResponse(method, rule, components.refTo, example?.response),
      ...problemResponses(method, rule),
    },
    security: securityOf(method),
    ...extensions(method),
    ...(rule.index === 0 ? {} : { 'x-alias-of': method.name }),
  };
  return { path, verb: rule.verb.toLowerCase(), operation };
}

/** The tag under which a method is listed: its service without the word. */
export function tagOf(method: DescMethod): string {
  return method.parent.name.replace(/Service$/, '');
}

function takenOutsideQuery(method: DescMethod, rule: HttpRule, inPath: ReadonlySet<string>): ReadonlySet<string> {
  if (rule.body === '*') return new Set(method.input.fields.map(({ name }) => name));
  // The mask of a PATCH is derived from the keys of its body.
  return new Set([...inPath, ...(rule.body ? [rule.body] : []), ...(rule.verb === 'PATCH' ? ['update_mask'] : [])]);
}

function words(method: DescMethod, rule: HttpRule): Schema {
  const comment = commentsOf(method);
  const [first = method.name] = comment.split(/(?<=\.)\s/);
  const groups = groupRules(method.input, true).map(groupSentence);
  const rest = [comment === first ? '' : comment, ...(rule.body === '*' ? [] : groups)].filter((text) => text !== '');
  return { summary: first.replace(/\.$/, ''), ...described(rest.join('\n\n')) };
}

function headerParameters(method: DescMethod): Schema[] {
  const { idempotency, sse } = methodRules(method);
  const names = [
    ...(idempotency === Idempotency.KEY ? ['Idempotency-Key'] : []),
    ...(sse?.resume ? ['Last-Event-ID'] : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function extensions(method: DescMethod): Schema {
  const rules = methodRules(method);
  const named = {
    'x-uapi-operation': rules.operation,
    'x-uapi-cache-class': rules.cacheClass,
    'x-uapi-rate-class': rules.rateClass,
    'x-uapi-scope': rules.scope,
    'x-uapi-deprecated-since': rules.deprecatedSince,
  };
  return {
    ...(rules.deprecatedSince ? { deprecated: true } : {}),
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')),
  };
}
