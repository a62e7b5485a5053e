import type { EventDefinition } from '@universal-api/events';
import { commentsOf, create, toJson, type DescMessage, type JsonObject, type Registry } from '@universal-api/protos';
import { messageSchema } from '../schema/component-schemas.ts';
import type { RefTo } from '../schema/field-schema.ts';
import type { Schema } from '../schema/well-known-schemas.ts';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** A type of event with its version, as Kafka and the documents name it: `search.completed.v1`. */
export function typeNameOf({ name, version }: EventDefinition): string {
  return `${name}.v${version}`;
}

/** Path below which the schema of a type is served; its `$id`, and `ce_dataschema` of its events. */
export function schemaPathOf({ name, version }: EventDefinition): string {
  return `/schemas/events/${name}/v${version}.json`;
}

/**
 * JSON Schema 2020-12 of an event's data, from the descriptor of its message: what readers may rely on. It tolerates
 * fields that it does not know, since a version only ever gains fields. Throws when the registry lacks the message, or
 * when the message has a 64-bit integer, which JSON readers would round.
 */
export function toEventSchema(event: EventDefinition, registry: Registry): Schema {
  const message = registry.getMessage(event.messageSchema.typeName);
  if (!message) throw new Error(`${event.messageSchema.typeName} is not in the descriptor image`);
  const definitions = new Map<string, Schema>();
  const refTo: RefTo = (nested) => {
    const name = nested.typeName.split('.').slice(3).join('.');
    // Claimed before it is built, so that a message can contain itself.
    if (!definitions.has(name)) {
      definitions.set(name, {});
      definitions.set(name, messageSchema(nested, 'response', refTo));
    }
    return { $ref: `#/$defs/${name}` };
  };
  refuseWideIntegers(message);
  const schema = messageSchema(message, 'response', refTo);
  return {
    $schema: dialect,
    $id: schemaPathOf(event),
    title: typeNameOf(event),
    ...schema,
    description: sentenceOf(event, message),
    ...(definitions.size > 0 ? { $defs: Object.fromEntries([...definitions].sort(byName)) } : {}),
  };
}

/** The entry's example as it stands on the wire: names of the proto, fields without presence always there. */
export function exampleOf({ messageSchema: schema, example }: EventDefinition): JsonObject {
  const options = { alwaysEmitImplicit: true, useProtoFieldName: true };
  return toJson(schema, create(schema, example), options) as JsonObject;
}

/** What the message's comment says of the event, without its name before it. */
export function sentenceOf({ name }: EventDefinition, message: DescMessage): string {
  const comment = commentsOf(message);
  const text = comment.startsWith(`${name}: `) ? comment.slice(name.length + 2) : comment;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** INT64, UINT64, FIXED64, SFIXED64 and SINT64 of google.protobuf.FieldDescriptorProto.Type. */
const wideScalars: ReadonlySet<number> = new Set([3, 4, 6, 16, 18]);

function refuseWideIntegers(message: DescMessage, seen = new Set<string>()): void {
  if (seen.has(message.typeName)) return;
  seen.add(message.typeName);
  for (const field of message.fields) {
    if (field.scalar !== undefined && wideScalars.has(field.scalar)) {
      throw new Error(`${message.typeName}.${field.name} is a 64-bit integer, which an event must not have`);
    }
    if (field.message) refuseWideIntegers(field.message, seen);
  }
}

function byName([a]: [string, Schema], [b]: [string, Schema]): number {
  return a < b ? -1 : 1;
}
