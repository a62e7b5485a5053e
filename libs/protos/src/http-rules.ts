import { getOption, hasOption, type DescMethod } from '@bufbuild/protobuf';
import { http } from '../gen/es/google/api/annotations_pb.ts';
import type { HttpRule as RuleMessage } from '../gen/es/google/api/http_pb.ts';

/** Verbs that a rule can have. */
export type HttpVerb = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

/** One HTTP rule of a method (google/api/http.proto), its paths relative to the API's base. */
export interface HttpRule {
  readonly verb: HttpVerb;
  /** Path template, such as `/countries/{code}`. */
  readonly template: string;
  /** Field that the body fills, `*` for the whole message, empty for none. */
  readonly body: string;
  /** Field of the response that is the answer's body; empty for the whole message. */
  readonly responseBody: string;
  /** 0 for the rule itself, 1… for its additional bindings. */
  readonly index: number;
}

const verbs = { get: 'GET', put: 'PUT', post: 'POST', delete: 'DELETE', patch: 'PATCH' } as const;

/** Every HTTP rule of a method, the main one first; none for a method that only services call. */
export function httpRules(method: DescMethod): HttpRule[] {
  if (!hasOption(method, http)) return [];
  const main = getOption(method, http);
  return [main, ...main.additionalBindings].map((rule, index) => toRule(method, rule, index));
}

function toRule(method: DescMethod, rule: RuleMessage, index: number): HttpRule {
  const { pattern } = rule;
  if (pattern.case === undefined || pattern.case === 'custom') {
    throw new Error(`${method.parent.typeName}.${method.name}: an HTTP rule needs get, put, post, delete or patch`);
  }
  return {
    verb: verbs[pattern.case],
    template: pattern.value,
    body: rule.body,
    responseBody: rule.responseBody,
    index,
  };
}
