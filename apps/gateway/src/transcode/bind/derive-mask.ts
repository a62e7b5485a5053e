import type { DescField, DescMessage, JsonValue } from '@universal-api/protos';
import { findField } from './set-field.ts';

/**
 * Paths of a `google.protobuf.FieldMask` from the keys of a PATCH body, in proto spelling: each key names what changes, also
 * one whose value is null, which clears. Messages of ours are walked into; lists, maps and scalars are taken whole.
 */
export function deriveMask(schema: DescMessage, json: JsonValue, prefix = ''): string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const field = findField(schema, key);
    if (!field) return []; // Refused elsewhere.
    const path = prefix + field.name;
    const inner = innerMessage(field);
    const below = inner ? deriveMask(inner, value, `${path}.`) : [];
    return below.length > 0 ? below : [path];
  });
}

function innerMessage(field: DescField): DescMessage | undefined {
  if (field.fieldKind !== 'message') return undefined;
  return field.message.typeName.startsWith('google.protobuf.') ? undefined : field.message;
}
