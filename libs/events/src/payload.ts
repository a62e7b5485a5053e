import { AppError } from '@universal-api/errors';
import {
  create,
  fromJson,
  toJson,
  validateMessage,
  type DescMessage,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
} from '@universal-api/protos';
import type { EventDefinition } from './catalogue/define-event.ts';
import { PoisonRecord } from './dead-letter.ts';
import type { Event } from './event.ts';

/**
 * A payload as JSON of our surface: snake_case, fields without presence always, no null. Errors: `internal`, naming the type, for
 * a value that is not of its message, a field that it has not, or a broken rule of it.
 */
export function toPayloadJson<Schema extends DescMessage>(
  type: EventDefinition<Schema>,
  data: MessageInitShape<Schema>,
): JsonObject {
  const { messageSchema: schema } = type;
  try {
    const known = new Set([
      ...schema.fields.map(({ localName }) => localName),
      ...schema.oneofs.map(({ localName }) => localName),
    ]);
    const foreign = Object.keys(data).filter((name) => !name.startsWith('$') && !known.has(name));
    if (foreign.length > 0) throw new TypeError(`no field ${foreign.join(', ')}`);
    const message = create(schema, data);
    const [broken] = validateMessage(schema, message);
    if (broken) throw new TypeError(`${broken.field}: ${broken.rule}`);
    const json = toJson(schema, message, { alwaysEmitImplicit: true, useProtoFieldName: true });
    // Writing is lenient, reading is not: ranges are checked on the way back, as every reader does.
    fromJson(schema, json);
    return json as JsonObject;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('internal', {
      internal: `Event ${type.name}.v${type.version} has data that is not ${schema.typeName}: ${reason}`,
      cause,
    });
  }
}

/**
 * The payload of an event as its message; fields that this version does not know are passed over. For handlers.
 * Errors: `PoisonRecord`, `unknown_type` for another type or version, `schema_invalid` for data that is not its message.
 */
export function readPayload<Schema extends DescMessage>(
  type: EventDefinition<Schema>,
  event: Event,
): MessageShape<Schema> {
  if (event.type !== type.name || event.version !== type.version) {
    throw new PoisonRecord('unknown_type', `${event.type}.v${event.version} is not ${type.name}.v${type.version}`);
  }
  try {
    return fromJson(type.messageSchema, event.data, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new PoisonRecord(
      'schema_invalid',
      `${event.type}.v${event.version} is not ${type.messageSchema.typeName}`,
      cause,
    );
  }
}
