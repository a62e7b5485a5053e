import { AppError } from '@universal-api/errors';
import {
  create,
  FieldMaskSchema,
  validateMessage,
  type DescField,
  type JsonValue,
  type Message,
} from '@universal-api/protos';
import { bindBody, parseJsonBody } from './bind/bind-body.ts';
import { createBindFaults, type BindFaults } from './bind/bind-faults.ts';
import { bindQuery } from './bind/bind-query.ts';
import { deriveMask } from './bind/derive-mask.ts';
import { createTextSetter, findField } from './bind/set-field.ts';
import type { Route } from './compile-route.ts';
import { valueOf } from './match-template.ts';

/** The parts of an HTTP request that become the message. */
export interface RequestParts {
  /** Decoded segments of the path, as the route table answered them. */
  readonly segments: readonly string[];
  /** What follows `?`, still percent-encoded; empty for none. */
  readonly query: string;
  /** The whole body after inflation; empty for none. */
  readonly body: Uint8Array;
  /** Whether the body is a form (`application/x-www-form-urlencoded`) instead of JSON. */
  readonly isForm: boolean;
}

const noBody: JsonValue = {};

/**
 * Path, query and body of a request as the message of its method, checked against the rules of its fields. Pure.
 * Errors: `unknown_field`, `invalid_request` with `errors[]` by field, `malformed_body`.
 */
export function bindRequest(route: Route, parts: RequestParts): Message {
  const faults = createBindFaults();
  const schema = route.method.input;
  const hasJson = route.rule.body !== '' && !parts.isForm && parts.body.length > 0;
  const json = hasJson ? parseJsonBody(parts.body) : noBody;
  const message = hasJson ? bindBody(schema, route.bodyField, json, faults) : create(schema);
  if (route.maskField) setMask(route, route.maskField, json, message);
  const setter = createTextSetter(schema, message, faults);
  for (const { variable, path } of route.variables) {
    const text = valueOf(variable, parts.segments);
    if (hasJson) compareWithBody(route, json, { path, text, faults });
    setter.set(path, text);
  }
  if (parts.query !== '') bindQuery(parts.query, { schema, setter, faults, body: route.rule.body });
  if (parts.isForm && parts.body.length > 0) {
    bindQuery(Buffer.from(parts.body).toString('utf8'), { schema, setter, faults, body: '' });
  }
  faults.throwIfAny();
  const errors = validateMessage(schema, message);
  if (errors.length > 0) throw new AppError('invalid_request', { errors });
  return message;
}

/** Derives the mask from the keys of the body, unless the caller gave one. */
function setMask(route: Route, maskField: DescField, json: JsonValue, message: Message): void {
  const fields = message as unknown as Record<string, unknown>;
  if (fields[maskField.localName] !== undefined) return;
  const about = route.bodyField?.message ?? route.method.input;
  const inPath = new Set(
    route.variables.map(({ variable, path }) =>
      path[0] === route.bodyField ? variable.field.split('.').slice(1).join('.') : variable.field,
    ),
  );
  const paths = deriveMask(about, json).filter((path) => !inPath.has(path));
  fields[maskField.localName] = create(FieldMaskSchema, { paths });
}

interface PathValue {
  readonly path: readonly DescField[];
  readonly text: string;
  readonly faults: BindFaults;
}

/** A field that the path gives may come in the body too, but not with another value: one of the two would be ignored. */
function compareWithBody(route: Route, json: JsonValue, { path, text, faults }: PathValue): void {
  if (route.bodyField && path[0] !== route.bodyField) return;
  let at: JsonValue = json;
  for (const field of route.bodyField ? path.slice(1) : path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return;
    const entry: [string, JsonValue] | undefined = Object.entries(at).find(
      ([key]) => findField(field.parent, key) === field,
    );
    if (!entry) return;
    at = entry[1];
  }
  if (String(at) !== text) faults.wrong(path.map((field) => field.name).join('.'), 'the same as in the path');
}
