import { type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import type { FieldError } from '@universal-api/errors';
import { compileFieldCheck, type FieldCheck } from './field-checks.ts';
import { fieldRules, messageRules } from './rules.ts';

interface MessageCheck {
  /** Whether anything in the message or below it can be refused. */
  readonly isEmpty: boolean;
  run(message: ReflectMessage, path: string, errors: FieldError[]): void;
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
  check.run(reflect(schema, message, false), '', errors);
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
  const between = messageRules(schema);
  return {
    isEmpty: own.length === 0 && nested.length === 0 && !between,
    run(message, path, errors) {
      for (const { field, check } of own) runField(message, field, check, path, errors);
      for (const field of nested) runNested(message, field, path, errors);
      if (between) {
        checkGroups(message, between.exactlyOneOf, true, path, errors);
        checkGroups(message, between.atMostOneOf, false, path, errors);
      }
    },
  };
}

function messageOf(field: DescField): DescMessage | undefined {
  return field.fieldKind === 'message' || field.fieldKind === 'list' ? field.message : undefined;
}

function runField(message: ReflectMessage, field: DescField, check: FieldCheck, path: string, errors: FieldError[]) {
  const rule = check(message.isSet(field) ? message.get(field) : undefined);
  if (rule) errors.push({ field: path + field.name, rule });
}

function runNested(message: ReflectMessage, field: DescField, path: string, errors: FieldError[]) {
  const schema = messageOf(field);
  if (!schema || !message.isSet(field)) return;
  const check = checkOf(schema);
  if (check.isEmpty) return;
  if (field.fieldKind === 'message') {
    check.run(message.get(field), `${path}${field.name}.`, errors);
  } else if (field.fieldKind === 'list') {
    const items = [...message.get(field)];
    items.forEach((item, index) => check.run(item as ReflectMessage, `${path}${field.name}[${index}].`, errors));
  }
}

interface Group {
  readonly fields: readonly string[];
}

function checkGroups(
  message: ReflectMessage,
  groups: readonly Group[],
  needsOne: boolean,
  path: string,
  errors: FieldError[],
) {
  if (groups.length === 0) return;
  const isGiven = (name: string) => {
    const field = message.desc.fields.find((candidate) => candidate.name === name);
    return field !== undefined && message.isSet(field);
  };
  const given = groups.filter((group) => group.fields.some(isGiven));
  const words = groups.map((group) => group.fields.join(' and ')).join(', or ');
  const first = groups[0]?.fields[0] ?? '';
  if (given.length === 0) {
    if (needsOne) errors.push({ field: path + first, rule: `give ${words}` });
    return;
  }
  if (given.length > 1)
    errors.push({ field: path + (given[1]?.fields[0] ?? first), rule: `give only one of: ${words}` });
  for (const name of given.flatMap((group) => group.fields)) {
    if (!isGiven(name)) errors.push({ field: path + name, rule: `goes with ${words}` });
  }
}
