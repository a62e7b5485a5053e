import { errorCodes, factsOf, toProblem, type ErrorCode } from '@universal-api/errors';
import { Access, Idempotency, methodRules, type DescMethod, type HttpRule } from '@universal-api/protos';
import type { Schema } from '../schema/well-known-schemas.ts';
import { headerRefs, type HeaderName } from './headers.ts';

/** A path that is not ours, or a verb it lacks, is no answer of an operation; nobody reads the answer to a cancelled one. */
const outsideOperations = new Set<ErrorCode>([
  'route_not_found',
  'method_not_allowed',
  'cancelled',
  'headers_too_large',
]);

const codesByStatus = Map.groupBy(
  (Object.keys(errorCodes) as ErrorCode[]).filter((code) => !outsideOperations.has(code)),
  (code) => factsOf(code).status,
);

const nameOf = (status: number) => `Problem${status}`;

/** References to the problems that an operation may answer, by status. */
export function problemResponses(method: DescMethod, rule: HttpRule): Record<string, Schema> {
  const statuses = statusesOf(method, rule);
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]));
}

function statusesOf(method: DescMethod, rule: HttpRule): number[] {
  const { access, idempotency, operation } = methodRules(method);
  const isOpen = access === Access.PUBLIC;
  const hasBody = rule.body !== '';
  const hasPath = rule.template.includes('{');
  const conflicts = idempotency !== Idempotency.SAFE;
  return [
    400,
    ...(isOpen ? [] : [401, 403]),
    ...(operation || hasPath ? [404] : []),
    ...(conflicts ? [409] : []),
    ...(hasBody ? [413, 415] : [414]),
    ...(idempotency === Idempotency.KEY || operation ? [422] : []),
    429,
    500,
    503,
    504,
  ];
}

/** The problems of every status that some operation answers: the components of the document. */
export function problemComponents(): Record<string, Schema> {
  const statuses = [...codesByStatus.keys()].filter((status) => status !== 501).sort((a, b) => a - b);
  return Object.fromEntries(statuses.map((status) => [nameOf(status), problemComponent(status)]));
}

function problemComponent(status: number): Schema {
  const codes = codesByStatus.get(status) ?? [];
  const lines = codes.map((code) => `- [\`${code}\`](/docs/errors/${code}): ${factsOf(code).help}`);
  const examples = codes.map((code) => [code, { value: toProblem(code, '018f3f6e-7a52-7cc1-9d0a-5b8f1f0c2d11') }]);
  return {
    description: lines.join('\n'),
    headers: headerRefs(headerNames(status)),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function headerNames(status: number): HeaderName[] {
  if (status === 401 || status === 403) return ['X-Request-ID', 'WWW-Authenticate'];
  const mayWait = status === 409 || status === 429 || status === 503;
  return ['X-Request-ID', 'RateLimit', 'RateLimit-Policy', ...(mayWait ? (['Retry-After'] as const) : [])];
}
