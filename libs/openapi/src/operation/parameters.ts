import { commentsOf, fieldRules, type DescField, type DescMessage } from '@universal-api/protos';
import { described } from '../schema/component-schemas.ts';
import { fieldSchema, type RefTo } from '../schema/field-schema.ts';
import { wellKnownSchema, type Schema } from '../schema/well-known-schemas.ts';
import type { PathVariable } from './path-template.ts';

/** What a caller can put into a query: a field of the request, or one inside a message of it. */
interface QueryField {
  /** Field path in proto spelling, such as `routing.only`. */
  readonly name: string;
  readonly field: DescField;
  readonly isRequired: boolean;
}

/** Path parameters of an operation, in the order of its template. Throws when a variable names no field. */
export function pathParameters(
  input: DescMessage,
  variables: readonly PathVariable[],
  refTo: RefTo,
  example: unknown,
): Schema[] {
  return variables.map(({ name, isMultiSegment, pattern }) => {
    const field = fieldAt(input, name);
    const schema = { ...fieldSchema(field, 'request', refTo), ...(pattern ? { pattern } : {}) };
    return {
      name,
      in: 'path',
      required: true,
      ...described(commentsOf(field)),
      schema,
      ...exampleAt(example, name),
      ...(isMultiSegment ? { 'x-multi-segment': true } : {}),
    };
  });
}

/** Query parameters: every field that neither path nor body fills, messages as dotted names. */
export function queryParameters(
  input: DescMessage,
  taken: ReadonlySet<string>,
  refTo: RefTo,
  example: unknown,
): Schema[] {
  return queryFields(input, taken, '', [input]).map(({ name, field, isRequired }) => ({
    name,
    in: 'query',
    ...(isRequired ? { required: true } : {}),
    ...described(commentsOf(field)),
    ...(field.fieldKind === 'list' ? { style: 'form', explode: false } : {}),
    schema: fieldSchema(field, 'request', refTo),
    ...exampleAt(example, name),
  }));
}

function queryFields(
  message: DescMessage,
  taken: ReadonlySet<string>,
  prefix: string,
  above: readonly DescMessage[],
): QueryField[] {
  return message.fields.flatMap((field): QueryField[] => {
    const name = prefix + field.name;
    if (taken.has(name)) return [];
    if (isLeaf(field)) return [{ name, field, isRequired: prefix === '' && (fieldRules(field)?.required ?? false) }];
    // Lists of messages, maps and messages inside themselves have no spelling in a query.
    if (field.fieldKind !== 'message' || above.includes(field.message)) return [];
    return queryFields(field.message, taken, `${name}.`, [...above, field.message]);
  });
}

function isLeaf(field: DescField): boolean {
  if (field.fieldKind === 'message') return isText(field.message);
  return field.fieldKind === 'list' ? field.listKind !== 'message' || isText(field.message) : field.fieldKind !== 'map';
}

/** Whether a message is written as one word: a time, a duration, a mask or a wrapped scalar. */
function isText(message: DescMessage): boolean {
  const type = wellKnownSchema(message)?.['type'];
  return type !== undefined && type !== 'object' && type !== 'array';
}

function fieldAt(message: DescMessage, path: string): DescField {
  const [first, ...rest] = path.split('.');
  const field = message.fields.find(({ name }) => name === first);
  if (!field) throw new Error(`${message.typeName} has no field ${first}, which a path template names`);
  if (rest.length === 0) return field;
  if (field.fieldKind !== 'message')
    throw new Error(`${message.typeName}.${first} is no message, but ${path} asks into it`);
  return fieldAt(field.message, rest.join('.'));
}

function exampleAt(example: unknown, path: string): Schema {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Schema)[key] : undefined), example);
  return value === undefined ? {} : { example: value };
}
