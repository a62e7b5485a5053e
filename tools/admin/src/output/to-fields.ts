import { toJson, type DescMessage, type JsonObject, type MessageShape } from '@universal-api/protos';

/** A message as its fields are named and written on the wire of the REST API. */
export function toFields<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): JsonObject {
  return toJson(schema, message, { useProtoFieldName: true, alwaysEmitImplicit: true }) as JsonObject;
}
