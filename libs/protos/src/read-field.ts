import { type DescMessage, type Message } from '@bufbuild/protobuf';
import { productContract } from './contract.ts';
import { fieldRules } from './rules.ts';

const defaults = new WeakMap<DescMessage, ReadonlyMap<string, unknown>>();

/** The default values that a message type declares (`default_json`), by field name in TypeScript spelling. */
export function defaultsOf(schema: DescMessage): ReadonlyMap<string, unknown> {
  let values = defaults.get(schema);
  if (!values) {
    values = new Map(
      schema.fields.flatMap((field) => {
        const text = fieldRules(field)?.defaultJson;
        return text ? [[field.localName, JSON.parse(text) as unknown] as const] : [];
      }),
    );
    defaults.set(schema, values);
  }
  return values;
}

/**
 * A field of a checked request: its value, or the default that its proto declares. For required fields and fields with
 * a default; throws when there is neither, since the check before should have refused such a request.
 */
export function readField<M extends Message, K extends keyof M & string>(message: M, name: K): NonNullable<M[K]> {
  const value = message[name];
  if (value !== undefined && value !== null) return value;
  const schema = productContract().registry.getMessage(message.$typeName);
  const fallback = schema && defaultsOf(schema).get(name);
  if (fallback === undefined) throw new Error(`${message.$typeName}.${name} is neither set nor has it a default`);
  return fallback as NonNullable<M[K]>;
}
