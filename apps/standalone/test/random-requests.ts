import {
  fieldRules,
  httpRules,
  type DescField,
  type DescMessage,
  type DescMethod,
  type HttpRule,
} from '@universal-api/protos';
import fc from 'fast-check';

/** A request as a caller might send it: a path with its query, or with a body of JSON where the method takes one. */
export interface RandomRequest {
  readonly path: string;
  readonly body?: string;
}

const strangeText = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    'null',
    'NaN',
    '1e309',
    'true',
    '../..',
    '%2F',
    '{}',
    "'; --",
    '💥',
    'a'.repeat(300),
  ),
);

/**
 * Requests of a method. Half are its example with some values replaced and some pairs added; the others are made of
 * fields that fit their rules mixed with missing, strange, repeated and unknown ones.
 */
export function randomRequests(
  method: DescMethod,
  example: Readonly<Record<string, unknown>>,
): fc.Arbitrary<RandomRequest> {
  const fields = fieldsBelow(method.input, '');
  const known = fields.length === 0 ? [] : [{ weight: 8, arbitrary: pairOf(fields) }];
  const anyPair = fc.oneof(...known, { weight: 1, arbitrary: unknownPair });
  const named = fields.filter(({ name }) => name in example);
  const asExample = fc
    .tuple(fc.constant(example), valuesOf(named), fc.array(anyPair, { maxLength: 1 }), fc.infiniteStream(fc.boolean()))
    .map(([given, values, extra, choices]) => {
      const pairs = Object.keys(given).map((name): [string, string] => {
        const isKept = choices.next().value === true;
        return [name, isKept ? String(given[name]) : (values[name] ?? '')];
      });
      return [...pairs, ...(choices.next().value === true ? extra : [])];
    });
  const asItComes = fc.array(anyPair, { maxLength: 6 });
  return fc
    .tuple(fc.constantFrom(...httpRules(method)), fc.oneof(asExample, asItComes), valuesOf(fields))
    .map(([rule, query, values]) => {
      if (rule.body === '') return toRequest(rule, query, values);
      const body = Object.fromEntries(query.map(([name, value]) => [name, toJsonValue(fields, name, value)]));
      return { ...toRequest(rule, [], values), body: JSON.stringify(nest(body)) };
    });
}

/** A value as JSON would have it: numbers as numbers, lists as lists; what does not fit stays a text. */
function toJsonValue(fields: readonly NamedField[], name: string, value: string): unknown {
  const field = fields.find((one) => one.name === name)?.field;
  if (field?.fieldKind === 'list') return [value];
  const rules = field && fieldRules(field);
  const isNumber = rules?.min !== undefined && value.trim() !== '' && Number.isFinite(Number(value));
  return isNumber ? Number(value) : value;
}

/** Fields of `routing` stand inside it. */
function nest(flat: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const prefix = 'routing.';
  const inside = Object.entries(flat).filter(([name]) => name.startsWith(prefix));
  const outside = Object.entries(flat).filter(([name]) => !name.startsWith(prefix));
  const routing = Object.fromEntries(inside.map(([name, value]) => [name.slice(prefix.length), value]));
  return { ...Object.fromEntries(outside), ...(inside.length === 0 ? {} : { routing }) };
}

function toRequest(
  { template }: HttpRule,
  query: readonly (readonly [string, string])[],
  values: Readonly<Record<string, string>>,
): RandomRequest {
  const inPath = new Set<string>();
  const path = template.replace(/\{(\w+)[^}]*\}/g, (_, name: string) => {
    inPath.add(name);
    const value = query.find(([given]) => given === name)?.[1] ?? values[name];
    return encodeURIComponent(value ?? 'x') || 'x';
  });
  const search = query
    .filter(([name]) => !inPath.has(name))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return { path: `${path}${search && `?${search}`}` };
}

interface NamedField {
  readonly name: string;
  readonly field: DescField;
}

function fieldsBelow(message: DescMessage, prefix: string): NamedField[] {
  return message.fields.flatMap((field) =>
    field.fieldKind === 'message' && field.message.file.proto.package.startsWith('uapi.')
      ? fieldsBelow(field.message, `${prefix}${field.name}.`)
      : [{ name: prefix + field.name, field }],
  );
}

function pairOf(fields: readonly NamedField[]): fc.Arbitrary<[string, string]> {
  return fc.constantFrom(...fields).chain(({ name, field }) => fc.tuple(fc.constant(name), valueOf(field)));
}

function valuesOf(fields: readonly NamedField[]): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc.record(Object.fromEntries(fields.map(({ name, field }) => [name, valueOf(field)])));
}

const unknownPair = fc.tuple(
  fc.constantFrom('nonsense', '__proto__', 'constructor', 'meta', 'routing', 'routing.x'),
  strangeText,
);

function valueOf(field: DescField): fc.Arbitrary<string> {
  return fc.oneof({ weight: 4, arbitrary: fittingValue(field) }, { weight: 1, arbitrary: strangeText });
}

function fittingValue(field: DescField): fc.Arbitrary<string> {
  const rules = fieldRules(field);
  if (rules?.min !== undefined || rules?.max !== undefined) {
    const [min, max] = [rules.min ?? -1e6, rules.max ?? 1e6];
    return fc.oneof(fc.integer({ min, max }), fc.double({ min, max, noNaN: true })).map(String);
  }
  if (rules?.pattern === '[A-Za-z]{2}') return fc.constantFrom('FR', 'de', 'PE', 'ZZ', 'us');
  if (rules?.pattern) return fc.constantFrom('EUR', 'usd', 'fra', 'en');
  if (field.fieldKind === 'message') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const zones = ['Asia/Tokyo', 'Europe/Paris', 'America/New_York', 'UTC'];
  if (['timezone', 'from', 'to'].includes(field.name)) return fc.constantFrom(...zones);
  if (field.name === 'time') return fc.constantFrom('2026-03-29T02:30:00', '2026-10-25T02:30', '2026-01-01T00:00:00Z');
  if (field.fieldKind === 'scalar' && field.name === 'hourly') return fc.constantFrom('true', 'false');
  return fc.constantFrom(
    'Lyon',
    'Paris, France',
    'München',
    'Asia/Tokyo',
    'Europe/Paris',
    'America/New_York',
    '2026-03-29T02:30:00',
    'serendipity',
    'en',
    'fr-CA',
    'Peru',
    'open_meteo',
    'local_clock',
  );
}
