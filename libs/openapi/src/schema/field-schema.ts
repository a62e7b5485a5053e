import { fieldRules, type DescEnum, type DescField, type DescMessage, type FieldRules } from '@universal-api/protos';
import { scalarSchema, wellKnownSchema, type Schema } from './well-known-schemas.ts';

/** Whether a schema says what a caller may send or what we answer: rules and presence are read differently. */
export type Use = 'request' | 'response';

/** Answers a `{ $ref }` to the component of a message, and sees to it that there is one. */
export type RefTo = (message: DescMessage, use: Use) => Schema;

/** JSON Schema of a field's value, its rules included when callers send it; the description is left to the caller. */
export function fieldSchema(field: DescField, use: Use, refTo: RefTo): Schema {
  const rules = use === 'request' ? fieldRules(field) : undefined;
  const schema = valueSchema(field, use, refTo, rules);
  return rules?.defaultJson ? { ...schema, default: JSON.parse(rules.defaultJson) as unknown } : schema;
}

function valueSchema(field: DescField, use: Use, refTo: RefTo, rules: FieldRules | undefined): Schema {
  switch (field.fieldKind) {
    case 'list':
      return { type: 'array', items: { ...itemSchema(field, use, refTo), ...textRules(rules) }, ...listLengths(rules) };
    case 'map':
      return { type: 'object', additionalProperties: mapValueSchema(field, use, refTo) };
    case 'message':
      return messageSchema(field.message, use, refTo);
    case 'enum':
      return enumSchema(field.enum);
    case 'scalar':
      return { ...scalarSchema(field.scalar), ...bounds(rules), ...textLengths(rules), ...textRules(rules) };
  }
}

function itemSchema(field: Extract<DescField, { fieldKind: 'list' }>, use: Use, refTo: RefTo): Schema {
  if (field.listKind === 'message') return messageSchema(field.message, use, refTo);
  return field.listKind === 'enum' ? enumSchema(field.enum) : scalarSchema(field.scalar);
}

function mapValueSchema(field: Extract<DescField, { fieldKind: 'map' }>, use: Use, refTo: RefTo): Schema {
  if (field.mapKind === 'message') return messageSchema(field.message, use, refTo);
  return field.mapKind === 'enum' ? enumSchema(field.enum) : scalarSchema(field.scalar);
}

function messageSchema(message: DescMessage, use: Use, refTo: RefTo): Schema {
  return wellKnownSchema(message) ?? refTo(message, use);
}

function enumSchema(of: DescEnum): Schema {
  return { type: 'string', enum: of.values.map((value) => value.name) };
}

function bounds(rules: FieldRules | undefined): Schema {
  return { ...given('minimum', rules?.min), ...given('maximum', rules?.max) };
}

function textLengths(rules: FieldRules | undefined): Schema {
  return { ...given('minLength', rules?.minLength), ...given('maxLength', rules?.maxLength) };
}

function listLengths(rules: FieldRules | undefined): Schema {
  return { ...given('minItems', rules?.minLength), ...given('maxItems', rules?.maxLength) };
}

function textRules(rules: FieldRules | undefined): Schema {
  return {
    ...(rules?.oneOf.length ? { enum: rules.oneOf } : {}),
    // Our patterns hold for the whole value, those of JSON Schema for any part of it.
    ...(rules?.pattern ? { pattern: `^(?:${rules.pattern})$` } : {}),
  };
}

function given(keyword: string, value: number | undefined): Schema {
  return value === undefined ? {} : { [keyword]: value };
}
