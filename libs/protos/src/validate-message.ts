import { isFieldSet, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import type { FieldError } from '@universal-api/errors';
import { compileFieldCheck, type FieldCheck } from './field-checks.ts';
import { fieldRules, messageRules } from './rules.ts';

interface MessageCheck {
  /** Whether anything in the message or below it can be refused. */
  readonly isEmpty: boolean;
  run(message: Message, path: string, errors: FieldError[]): void;
}

const checks = new WeakMap<DescMessage, MessageCheck>();

/**
 * Every rule of `uapi.options.v1` that a message breaks, by field path in proto spelling; empty when it keeps them all.
 * Rules are compiled once per message type.
 */
export function validateMessage(schema: DescMessage, message: Message): FieldError[] {
  const check = checkOf(schema);
  if (check.isEmpty) return [];
  const errors: FieldError[] = [];
  check.run(message, '', errors);
  return errors;
}

function checkOf(schema: DescMessage): MessageCheck {
  let check = checks.get(schema);
  if (!check) {
    check = compile(schema);
    checks.set(schema, check);
  }
  return check;
}

function compile(schema: DescMessage): MessageCheck {
  const own = schema.fields.flatMap((field) => {
    const rules = fieldRules(field);
    return rules ? [{ field, check: compileFieldCheck(field, rules) }] : [];
  });
  const nested = schema.fields.filter((field) => messageOf(field)?.file.proto.package.startsWith('uapi.'));
  const rules = messageRules(schema);
  const exactly = groupsOf(schema, rules?.exactlyOneOf ?? []);
  const atMost = groupsOf(schema, rules?.atMostOneOf ?? []);
  return {
    isEmpty: own.length === 0 && nested.length === 0 && !rules,
    run(message, path, errors) {
      for (const { field, check } of own) runField(message, field, check, path, errors);
      for (const field of nested) runNested(message, field, path, errors);
      if (exactly.groups.length > 0) checkGroups(message, exactly, true, path, errors);
      if (atMost.groups.length > 0) checkGroups(message, atMost, false, path, errors);
    },
  };
}

function messageOf(field: DescField): DescMessage | undefined {
  return field.fieldKind === 'message' || field.fieldKind === 'list' ? field.message : undefined;
}

/** The value of a set field without a reflecting wrapper: this runs twice for every call. */
function valueOf(message: Message, field: DescField): unknown {
  const fields = message as unknown as Readonly<Record<string, unknown>>;
  // The member that is set hangs in its oneof.
  return field.oneof ? (fields[field.oneof.localName] as { readonly value: unknown }).value : fields[field.localName];
}

function runField(message: Message, field: DescField, check: FieldCheck, path: string, errors: FieldError[]) {
  const rule = check(isFieldSet(message, field) ? valueOf(message, field) : undefined);
  if (rule) errors.push({ field: path + field.name, rule });
}

function runNested(message: Message, field: DescField, path: string, errors: FieldError[]) {
  const schema = messageOf(field);
  if (!schema || !isFieldSet(message, field)) return;
  const check = checkOf(schema);
  if (check.isEmpty) return;
  if (field.fieldKind === 'message') {
    check.run(valueOf(message, field) as Message, `${path}${field.name}.`, errors);
  } else if (field.fieldKind === 'list') {
    const items = valueOf(message, field) as readonly Message[];
    items.forEach((item, index) => check.run(item, `${path}${field.name}[${index}].`, errors));
  }
}

/** Fields that belong together, and the groups they stand in, in words. */
interface Groups {
  readonly groups: readonly (readonly DescField[])[];
  readonly words: string;
}

function groupsOf(schema: DescMessage, groups: readonly { readonly fields: readonly string[] }[]): Groups {
  const find = (name: string) => {
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (!field) throw new Error(`${schema.typeName} has a group with ${name}, which is none of its fields`);
    return field;
  };
  return {
    groups: groups.map(({ fields }) => fields.map(find)),
    words: groups.map(({ fields }) => fields.join(' and ')).join(', or '),
  };
}

function checkGroups(
  message: Message,
  { groups, words }: Groups,
  needsOne: boolean,
  path: string,
  errors: FieldError[],
) {
  let first: readonly DescField[] | undefined;
  for (const group of groups) {
    const given = group.filter((field) => isFieldSet(message, field)).length;
    if (given === 0) continue;
    if (first) errors.push({ field: path + (group[0]?.name ?? ''), rule: `give only one of: ${words}` });
    first ??= group;
    if (given === group.length) continue;
    for (const field of group) {
      if (!isFieldSet(message, field)) errors.push({ field: path + field.name, rule: `goes with ${words}` });
    }
  }
  if (!first && needsOne) errors.push({ field: path + (groups[0]?.[0]?.name ?? ''), rule: `give ${words}` });
}
