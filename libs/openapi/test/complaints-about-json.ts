type Schema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords that say nothing about a value. */
const annotations = new Set([
  '$schema',
  '$id',
  '$defs',
  'title',
  'description',
  'format',
  'examples',
  'contentEncoding',
]);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
};

type Check = (limit: unknown, value: unknown, validator: Validator, at: string) => readonly string[];

interface Validator {
  readonly schema: Schema;
  check(schema: unknown, value: unknown, at: string): string[];
}

const when = (isBroken: boolean, complaint: string) => (isBroken ? [complaint] : []);

const checks: Readonly<Record<string, Check>> = {
  type: (type, value, _validator, at) => when(!types[String(type)]?.(value), `${at} is no ${String(type)}`),
  const: (wanted, value, _validator, at) => when(value !== wanted, `${at} is not ${String(wanted)}`),
  enum: (allowed, value, _validator, at) =>
    when(!(allowed as unknown[]).includes(value), `${at} is none of the values`),
  pattern: (pattern, value, _validator, at) =>
    when(typeof value === 'string' && !new RegExp(String(pattern), 'u').test(value), `${at} breaks ${String(pattern)}`),
  minimum: (least, value, _validator, at) => when(Number(value) < Number(least), `${at} is below ${String(least)}`),
  maximum: (most, value, _validator, at) => when(Number(value) > Number(most), `${at} is above ${String(most)}`),
  required: (names, value, _validator, at) =>
    (names as string[]).filter((name) => isObject(value) && !(name in value)).map((name) => `${at}.${name} is missing`),
  properties: (properties, value, validator, at) =>
    isObject(value)
      ? Object.entries(properties as Schema).flatMap(([name, schema]) =>
          name in value ? validator.check(schema, value[name], `${at}.${name}`) : [],
        )
      : [],
  items: (schema, value, validator, at) =>
    Array.isArray(value) ? value.flatMap((item, index) => validator.check(schema, item, `${at}[${index}]`)) : [],
  $ref: (reference, value, validator, at) => {
    const target = String(reference)
      .split('/')
      .slice(1)
      .reduce<unknown>((node, step) => (isObject(node) ? node[step] : undefined), validator.schema);
    return target === undefined ? [`${String(reference)} is nowhere`] : validator.check(target, value, at);
  },
};

/** Checked beside its neighbours, since it is about what they do not name. */
function additional(schema: Schema, value: unknown, validator: Validator, at: string): string[] {
  const rule = schema['additionalProperties'];
  if (rule === undefined || !isObject(value)) return [];
  const known = Object.keys((schema['properties'] ?? {}) as Schema);
  const others = Object.keys(value).filter((name) => !known.includes(name));
  return others.flatMap((name) => validator.check(rule, value[name], `${at}.${name}`));
}

/**
 * Everything in which a value breaks a JSON Schema 2020-12, in words. Strict: a keyword that this does not check is a
 * complaint of its own, so that no schema passes by not being understood.
 */
export function complaintsAboutJson(schema: Schema, value: unknown): string[] {
  const validator: Validator = {
    schema,
    check(part, at, path) {
      if (typeof part === 'boolean') return when(!part, `${path} is not allowed`);
      if (!isObject(part)) return [`${path} has no schema`];
      return [
        ...Object.entries(part).flatMap(([keyword, limit]) => {
          if (annotations.has(keyword) || keyword === 'additionalProperties') return [];
          const check = checks[keyword];
          return check ? check(limit, at, validator, path) : [`${path}: ${keyword} is not checked`];
        }),
        ...additional(part, at, validator, path),
      ];
    },
  };
  return validator.check(schema, value, '$');
}
