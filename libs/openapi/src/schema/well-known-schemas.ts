import type { DescField, DescMessage } from '@universal-api/protos';

/** A JSON Schema (2020-12) object, or any other object of an OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>;

type ScalarField = Extract<DescField, { fieldKind: 'scalar' }>;

const int32: Schema = { type: 'integer', format: 'int32' };
const uint32: Schema = { type: 'integer', format: 'uint32', minimum: 0, maximum: 4_294_967_295 };
// The JSON mapping of protobuf writes 64-bit integers as decimal strings.
const int64: Schema = { type: 'string', format: 'int64', pattern: '^-?[0-9]+$' };
const uint64: Schema = { type: 'string', format: 'uint64', pattern: '^[0-9]+$' };

/** By number of google.protobuf.FieldDescriptorProto.Type. */
const byScalar: Readonly<Record<number, Schema>> = {
  1: { type: 'number', format: 'double' },
  2: { type: 'number', format: 'float' },
  3: int64,
  4: uint64,
  5: int32,
  6: uint64,
  7: uint32,
  8: { type: 'boolean' },
  9: { type: 'string' },
  12: { type: 'string', contentEncoding: 'base64' },
  13: uint32,
  15: int32,
  16: int64,
  17: int32,
  18: int64,
};

/** JSON Schema of a scalar in the JSON mapping of protobuf (protobuf.dev, "ProtoJSON Format"). */
export function scalarSchema(scalar: ScalarField['scalar']): Schema {
  const schema = byScalar[scalar];
  if (!schema) throw new Error(`no JSON Schema for scalar type ${scalar}`);
  return schema;
}

/** Messages of Google whose JSON is not an object of their fields. */
const byTypeName: Readonly<Record<string, Schema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: '^-?[0-9]+(?:\\.[0-9]{1,9})?s$' },
  'google.protobuf.FieldMask': { type: 'string', description: 'Field names, separated by commas.' },
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.ListValue': { type: 'array', items: {} },
  'google.protobuf.Value': {},
  'google.protobuf.Empty': { type: 'object' },
  'google.protobuf.Any': { type: 'object', properties: { '@type': { type: 'string' } }, required: ['@type'] },
  'google.protobuf.DoubleValue': scalarSchema(1),
  'google.protobuf.FloatValue': scalarSchema(2),
  'google.protobuf.Int64Value': int64,
  'google.protobuf.UInt64Value': uint64,
  'google.protobuf.Int32Value': int32,
  'google.protobuf.UInt32Value': uint32,
  'google.protobuf.BoolValue': scalarSchema(8),
  'google.protobuf.StringValue': scalarSchema(9),
  'google.protobuf.BytesValue': scalarSchema(12),
};

/** JSON Schema of a message with a JSON form of its own; undefined for every other message. */
export function wellKnownSchema(message: DescMessage): Schema | undefined {
  return byTypeName[message.typeName];
}
