import { commentsOf, fieldRules, type DescField, type DescMessage, type Registry } from '@universal-api/protos';
import { fieldSchema, type RefTo, type Use } from './field-schema.ts';
import { groupRules, groupSchema } from './group-rules.ts';
import type { Schema } from './well-known-schemas.ts';

/** Collects the components that a document refers to. */
export interface ComponentSchemas {
  readonly refTo: RefTo;
  /** Puts a schema of its own under a name; throws when the name is taken. */
  add(name: string, schema: Schema): Schema;
  /** Everything collected, by name, in alphabetical order. */
  all(): Record<string, Schema>;
}

/** FeatureSet.FieldPresence IMPLICIT (google/protobuf/descriptor.proto): always printed, never absent. */
const implicitPresence = 2;

/**
 * An empty collection. Messages are named by their short name, those that callers send end in `Request` or `Input`;
 * a short name that two packages use, or that is in `reserved`, is preceded by its package.
 */
export function createComponentSchemas(registry: Registry, reserved: readonly string[]): ComponentSchemas {
  const collected = new Map<string, Schema>();
  const owners = new Map<string, string>();
  const isAmbiguous = ambiguousNames(registry, reserved);

  function claim(name: string, owner: string): boolean {
    const known = owners.get(name);
    if (known !== undefined && known !== owner)
      throw new Error(`two components are called ${name}: ${known}, ${owner}`);
    owners.set(name, owner);
    return known === undefined;
  }

  const refTo: RefTo = (message, use) => {
    const short = shortName(message);
    const base = isAmbiguous(short) ? message.typeName : short;
    const name = use === 'request' && !base.endsWith('Request') ? `${base}Input` : base;
    // Claimed before it is built, so that a message can contain itself.
    if (claim(name, `${message.typeName} (${use})`)) collected.set(name, messageSchema(message, use, refTo));
    return { $ref: `#/components/schemas/${name}` };
  };

  return {
    refTo,
    add(name, schema) {
      if (!claim(name, name)) throw new Error(`two components are called ${name}`);
      collected.set(name, schema);
      return { $ref: `#/components/schemas/${name}` };
    },
    all: () => Object.fromEntries([...collected].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** JSON Schema of a message as an object of its fields, without those named in `without`. */
export function messageSchema(
  message: DescMessage,
  use: Use,
  refTo: RefTo,
  without: ReadonlySet<string> = new Set(),
): Schema {
  const fields = message.fields.filter((field) => !without.has(field.name));
  const required = fields.filter((field) => isRequired(field, use)).map(({ name }) => name);
  const groups = groupRules(message, use === 'request').filter(
    (rule) => !rule.groups.flat().some((name) => without.has(name)),
  );
  return {
    type: 'object',
    ...described(commentsOf(message)),
    properties: Object.fromEntries(fields.map((field) => [field.name, propertySchema(field, use, refTo)])),
    ...(required.length > 0 ? { required } : {}),
    ...(use === 'request' ? { additionalProperties: false } : {}),
    ...(groups.length > 0 ? { allOf: groups.map(groupSchema) } : {}),
  };
}

/** A `description`, unless there is nothing to say. */
export function described(text: string): Schema {
  return text ? { description: text } : {};
}

function propertySchema(field: DescField, use: Use, refTo: RefTo): Schema {
  return { ...fieldSchema(field, use, refTo), ...described(commentsOf(field)) };
}

function isRequired(field: DescField, use: Use): boolean {
  return use === 'request' ? (fieldRules(field)?.required ?? false) : field.presence === implicitPresence;
}

function shortName(message: DescMessage): string {
  return message.parent ? `${shortName(message.parent)}.${message.name}` : message.name;
}

function ambiguousNames(registry: Registry, reserved: readonly string[]): (name: string) => boolean {
  const counts = new Map(reserved.map((name) => [name, 1]));
  for (const type of registry) {
    if (type.kind !== 'message' || !type.file.proto.package.startsWith('uapi.')) continue;
    const name = shortName(type);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (name) => (counts.get(name) ?? 0) > 1;
}
