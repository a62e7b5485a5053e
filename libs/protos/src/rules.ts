import { getOption, hasOption, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { Access, Idempotency, Priority, field, message, method } from '../gen/es/uapi/options/v1/options_pb.ts';
import type { FieldRules, MessageRules, MethodRules } from '../gen/es/uapi/options/v1/options_pb.ts';

export { Access, Idempotency, Priority };
export type { FieldRules, MessageRules, MethodRules };

/** Largest request body of a method that names no other size, bytes. */
export const defaultMaxRequestBytes = 1024 * 1024;

const rulesOf = new WeakMap<DescMethod, MethodRules>();

/** A method's rules, decoded once. Throws when it has none: `loadContract` has refused such a method before. */
export function methodRules(of: DescMethod): MethodRules {
  let rules = rulesOf.get(of);
  if (!rules) {
    rules = getOption(of, method);
    rulesOf.set(of, rules);
  }
  return rules;
}

/** Whether a method has rules at all. */
export function hasMethodRules(of: DescMethod): boolean {
  return hasOption(of, method);
}

/** A field's rules, if it has any. */
export function fieldRules(of: DescField): FieldRules | undefined {
  return hasOption(of, field) ? getOption(of, field) : undefined;
}

/** Rules between the fields of a message, if it has any. */
export function messageRules(of: DescMessage): MessageRules | undefined {
  return hasOption(of, message) ? getOption(of, message) : undefined;
}
