import { fieldRules, httpRules, type DescField, type DescMessage, type DescMethod } from '@universal-api/protos';
import fc from 'fast-check';

/** A request as a caller might send it: a path with its query. */
export interface RandomRequest {
  readonly path: string;
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

/** Requests of a method: fields that fit their rules mixed with missing, strange, repeated and unknown ones. */
export function randomRequests(method: DescMethod): fc.Arbitrary<RandomRequest> {
  const fields = fieldsBelow(method.input, '');
  const pairs = fc.array(fc.oneof({ weight: 8, arbitrary: pairOf(fields) }, { weight: 1, arbitrary: unknownPair }), {
    maxLength: 6,
  });
  return fc
    .tuple(fc.constantFrom(...httpRules(method)), pairs, fc.infiniteStream(valueOfAny(fields)))
    .map(([rule, query, values]) => {
      const inPath = new Set<string>();
      const path = rule.template.replace(/\{(\w+)[^}]*\}/g, (_, name: string) => {
        inPath.add(name);
        const value = values.next().value as Readonly<Record<string, string>>;
        return encodeURIComponent(value[name] ?? 'x') || 'x';
      });
      const search = query
        .filter(([name]) => !inPath.has(name))
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join('&');
      return { path: `${path}${search && `?${search}`}` };
    });
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

function valueOfAny(fields: readonly NamedField[]): fc.Arbitrary<Readonly<Record<string, string>>> {
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
