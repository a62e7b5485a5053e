import { isRateClass } from '@universal-api/limits';
import {
  Access,
  Idempotency,
  Priority,
  appOf,
  defaultMaxRequestBytes,
  methodRules,
  pathOf,
  type DescField,
  type DescMethod,
  type HttpRule,
  type MethodRules,
} from '@universal-api/protos';
import { textReaderOf } from './bind/read-text.ts';
import { findField, findPath } from './bind/set-field.ts';
import { parseTemplate, type PathTemplate, type TemplateVariable } from './match-template.ts';

/** One HTTP rule of one method, everything about it worked out once. */
export interface Route {
  readonly method: DescMethod;
  readonly rule: HttpRule;
  readonly rules: MethodRules;
  /** Path of the method on the wire, such as `/uapi.search.v1.TimeService/GetTime`. */
  readonly grpcPath: string;
  /** App that serves it, such as `search`. */
  readonly app: string;
  readonly template: PathTemplate;
  readonly variables: readonly { readonly variable: TemplateVariable; readonly path: readonly DescField[] }[];
  /** Field that the body fills; absent for the whole message, and for a rule without a body. */
  readonly bodyField?: DescField;
  /** Where the mask of a PATCH goes. */
  readonly maskField?: DescField;
  /** Field that is the answer's body; absent for the whole message. */
  readonly responseField?: DescField;
  /** Field of the request that multiplies the cost of a call. */
  readonly costField?: DescField;
  readonly maxRequestBytes: number;
  readonly isStream: boolean;
  readonly isPublic: boolean;
  readonly isCritical: boolean;
  readonly takesIdempotencyKey: boolean;
  /** Seconds that an answer of its cache class stays fresh; 0 when answers must not be stored. */
  readonly freshS: number;
  /** Headers of a deprecated operation, ready to send. */
  readonly deprecation?: { readonly deprecation: string; readonly sunset: string };
}

/** Life of an answer by cache class, seconds (capabilities.md 0.4); `pure` ends with the code's version, so a day here. */
const freshSeconds: Readonly<Record<string, number>> = {
  live: 10,
  tick: 30,
  quote: 60,
  news: 300,
  now: 600,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  pure: 86_400,
};

/** Days from deprecation to the end of a method (style.md 4.6). */
const sunsetDays = 180;

/** Works out a rule. Throws, naming the method, when the rule speaks of fields that do not exist or cannot be bound. */
export function compileRoute(method: DescMethod, rule: HttpRule): Route {
  const rules = methodRules(method);
  const fail = (fault: string): never => {
    throw new Error(`${method.parent.typeName}.${method.name}, ${rule.verb} ${rule.template}: ${fault}`);
  };
  if (method.methodKind !== 'unary' && method.methodKind !== 'server_streaming')
    fail('no HTTP form for client streams');
  if (rules.rateClass && !isRateClass(rules.rateClass)) fail(`no such rate class: ${rules.rateClass}`);
  const template = parseTemplate(rule.template);
  const field = (schema: typeof method.input, name: string, role: string): DescField | undefined =>
    name === '' || name === '*' ? undefined : (findField(schema, name) ?? fail(`${role} names no field: ${name}`));
  const variables = template.variables.map((variable) => {
    const path = findPath(method.input, variable.field) ?? fail(`no field ${variable.field}`);
    const leaf = path.at(-1);
    if (!leaf || leaf.fieldKind === 'list' || !textReaderOf(leaf)) fail(`${variable.field} cannot be in a path`);
    return { variable, path };
  });
  const responseField = field(method.output, rule.responseBody, 'response_body');
  const mask = rule.verb === 'PATCH' ? findField(method.input, 'update_mask') : undefined;
  return {
    method,
    rule,
    rules,
    grpcPath: pathOf(method),
    app: appOf(method),
    template,
    variables,
    bodyField: field(method.input, rule.body, 'body'),
    maskField: mask?.message?.typeName === 'google.protobuf.FieldMask' ? mask : undefined,
    responseField,
    costField: field(method.input, rules.costField, 'cost_field'),
    maxRequestBytes: rules.maxRequestBytes || defaultMaxRequestBytes,
    isStream: method.methodKind === 'server_streaming',
    isPublic: rules.access === Access.PUBLIC,
    isCritical: rules.priority === Priority.CRITICAL,
    takesIdempotencyKey: rules.idempotency === Idempotency.KEY,
    freshS: rule.verb === 'GET' && rules.access === Access.ANONYMOUS ? (freshSeconds[rules.cacheClass] ?? 0) : 0,
    deprecation: toDeprecation(rules.deprecatedSince),
  };
}

/** RFC 9745 and RFC 8594: when it became deprecated, when it ends. */
function toDeprecation(since: string): Route['deprecation'] {
  if (!since) return undefined;
  const startMs = Date.parse(`${since}T00:00:00Z`);
  return {
    deprecation: `@${startMs / 1_000}`,
    sunset: new Date(startMs + sunsetDays * 86_400_000).toUTCString(),
  };
}
