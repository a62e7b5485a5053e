import { fromJson, type DescField, type DescMessage, type JsonObject, type JsonValue } from '@universal-api/protos';
import type { BindFaults } from './bind-faults.ts';
import { findField } from './set-field.ts';
import { textReaderOf } from './read-text.ts';

/**
 * Finds out why protobuf refused a JSON value, field by field: each field is read alone until the culprit is known. Runs only
 * after a refusal, so that the good path pays nothing.
 */
export function explainJson(schema: DescMessage, json: JsonValue, path: string, faults: BindFaults): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return faults.wrong(path || 'body', 'a JSON object');
  }
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(json)) {
    const field = findField(schema, key);
    const name = path ? `${path}.${field?.name ?? key}` : (field?.name ?? key);
    if (!field) faults.unknown(name);
    else if (seen.has(field.name)) faults.wrong(name, 'given more than once');
    else if (!isReadable(schema, { [key]: value })) explainField(field, value, name, faults);
    if (field) seen.add(field.name);
  }
  for (const oneof of schema.oneofs) {
    const given = oneof.fields.filter((field) => seen.has(field.name));
    if (given.length > 1)
      faults.wrong(
        path ? `${path}.${oneof.name}` : oneof.name,
        `give only one of ${given.map((field) => field.name).join(', ')}`,
      );
  }
}

function isReadable(schema: DescMessage, json: JsonObject): boolean {
  try {
    fromJson(schema, json);
    return true;
  } catch {
    return false; // Whatever the reason is: the caller looks for it.
  }
}

function explainField(field: DescField, value: JsonValue, name: string, faults: BindFaults): void {
  const message =
    field.fieldKind === 'message' || field.fieldKind === 'list' || field.fieldKind === 'map'
      ? field.message
      : undefined;
  const isOurs = message && !message.typeName.startsWith('google.protobuf.');
  if (field.fieldKind === 'list') {
    if (!Array.isArray(value)) return faults.wrong(name, 'a JSON array');
    if (!isOurs) return faults.wrong(name, `each ${ruleOf(field)}`);
    value.forEach((item, index) => {
      if (!isReadable(field.parent, { [field.name]: [item] })) explainJson(message, item, `${name}[${index}]`, faults);
    });
  } else if (field.fieldKind === 'map') {
    faults.wrong(name, 'a JSON object with values of the right type');
  } else if (isOurs) {
    explainJson(message, value, name, faults);
  } else {
    faults.wrong(name, ruleOf(field));
  }
}

function ruleOf(field: DescField): string {
  return textReaderOf(field)?.rule ?? 'of another type';
}
