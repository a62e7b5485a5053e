import { create, type DescField, type DescMessage, type Message } from '@universal-api/protos';
import type { BindFaults } from './bind-faults.ts';
import { textReaderOf } from './read-text.ts';

type Fields = Record<string, unknown>;

const byName = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** The field of a message by its proto name or its lowerCamel name. */
export function findField(schema: DescMessage, name: string): DescField | undefined {
  let names = byName.get(schema);
  if (!names) {
    names = new Map(schema.fields.flatMap((field) => [[field.name, field] as const, [field.jsonName, field] as const]));
    byName.set(schema, names);
  }
  return names.get(name);
}

/** The fields along a dotted path in either spelling; undefined when one does not exist or is no single message. */
export function findPath(schema: DescMessage, path: string): DescField[] | undefined {
  if (!path.includes('.')) {
    const field = findField(schema, path);
    return field && [field];
  }
  const fields: DescField[] = [];
  let at: DescMessage | undefined = schema;
  for (const name of path.split('.')) {
    const field: DescField | undefined = at && findField(at, name);
    if (!field) return undefined;
    fields.push(field);
    at = field.fieldKind === 'message' ? field.message : undefined;
  }
  return fields;
}

/** Sets fields of one request message from texts; remembers what was set, to refuse a second value. */
export interface TextSetter {
  /** Sets the field at a path from its text; says what is wrong to the faults. */
  set(path: readonly DescField[], text: string): void;
}

/** A setter for `message`. Lists grow with each text; texts of string lists are also split at commas. */
export function createTextSetter(schema: DescMessage, message: Message, faults: BindFaults): TextSetter {
  const seen = new Set<string>();
  return {
    set(path, text) {
      const leaf = path.at(-1);
      if (!leaf) return;
      const name = path.length === 1 ? leaf.name : path.map((field) => field.name).join('.');
      const reader = textReaderOf(leaf);
      if (!reader) return faults.wrong(name, 'cannot be given as text; send it in the body');
      if (leaf.fieldKind !== 'list') {
        if (seen.has(name)) return faults.wrong(name, 'given more than once');
        seen.add(name);
      }
      const pieces = leaf.fieldKind === 'list' && leaf.scalar === 9 ? text.split(',').filter(Boolean) : [text];
      const values = pieces.map((piece) => reader.read(piece));
      if (values.includes(undefined)) return faults.wrong(name, reader.rule);
      const owner = ownerOf(message, path, faults, name);
      if (!owner) return;
      if (leaf.fieldKind === 'list') (owner[leaf.localName] as unknown[]).push(...values);
      else writeMember(owner, leaf, values[0], faults, name);
    },
  };
}

/** The message that holds the last field of a path; the messages on the way are made. */
function ownerOf(root: Message, path: readonly DescField[], faults: BindFaults, name: string): Fields | undefined {
  let owner = root as unknown as Fields;
  for (const field of path.slice(0, -1)) {
    const schema = field.message;
    if (!schema) return undefined;
    let next = readMember(owner, field);
    if (next === undefined) {
      next = create(schema);
      if (!writeMember(owner, field, next, faults, name)) return undefined;
    }
    owner = next as Fields;
  }
  return owner;
}

interface OneofValue {
  readonly case?: string;
  readonly value?: unknown;
}

function readMember(owner: Fields, field: DescField): unknown {
  if (!field.oneof) return owner[field.localName];
  const choice = owner[field.oneof.localName] as OneofValue;
  return choice.case === field.localName ? choice.value : undefined;
}

function writeMember(owner: Fields, field: DescField, value: unknown, faults: BindFaults, name: string): boolean {
  if (!field.oneof) {
    owner[field.localName] = value;
    return true;
  }
  const choice = owner[field.oneof.localName] as OneofValue;
  if (choice.case !== undefined && choice.case !== field.localName) {
    faults.wrong(name, `give only one of ${field.oneof.fields.map((member) => member.name).join(', ')}`);
    return false;
  }
  owner[field.oneof.localName] = { case: field.localName, value };
  return true;
}
