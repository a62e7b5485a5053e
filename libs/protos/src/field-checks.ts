import type { DescField } from '@bufbuild/protobuf';
import type { FieldRules } from '../gen/es/uapi/options/v1/options_pb.ts';

/** Looks at a field's value, or at undefined when it is not set; answers the broken rule in words. */
export type FieldCheck = (value: unknown) => string | undefined;

/** Turns the rules of one field into one check. Throws on a pattern that is no regular expression. */
export function compileFieldCheck(field: DescField, rules: FieldRules): FieldCheck {
  const checks = [boundsCheck(rules), lengthCheck(field, rules), setCheck(rules), patternCheck(rules)].filter(
    (check) => check !== undefined,
  );
  return (value) => {
    if (value === undefined) return rules.required ? 'required' : undefined;
    for (const check of checks) {
      const rule = check(value);
      if (rule) return rule;
    }
    return undefined;
  };
}

function boundsCheck({ min, max }: FieldRules): FieldCheck | undefined {
  if (min === undefined && max === undefined) return undefined;
  const low = min ?? Number.NEGATIVE_INFINITY;
  const high = max ?? Number.POSITIVE_INFINITY;
  const rule =
    min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `between ${min} and ${max}`;
  // Written so that NaN is refused too.
  return (value) => (Number(value) >= low && Number(value) <= high ? undefined : rule);
}

function lengthCheck(field: DescField, { minLength, maxLength }: FieldRules): FieldCheck | undefined {
  if (minLength === undefined && maxLength === undefined) return undefined;
  const low = minLength ?? 0;
  const high = maxLength ?? Number.POSITIVE_INFINITY;
  const unit = field.fieldKind === 'list' ? 'items' : 'characters';
  const rule = maxLength === undefined ? `at least ${low} ${unit}` : `${low} to ${high} ${unit}`;
  return (value) => {
    const length = lengthOf(value);
    return length >= low && length <= high ? undefined : rule;
  };
}

function lengthOf(value: unknown): number {
  // Characters are code points: an emoji counts once.
  if (typeof value === 'string') return value.length < 32 && isAscii(value) ? value.length : [...value].length;
  return (value as readonly unknown[]).length;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}

function setCheck({ oneOf }: FieldRules): FieldCheck | undefined {
  if (oneOf.length === 0) return undefined;
  const allowed = new Set<unknown>(oneOf);
  const rule = `one of ${oneOf.join(', ')}`;
  return (value) => (itemsOf(value).every((item) => allowed.has(item)) ? undefined : rule);
}

function patternCheck({ pattern }: FieldRules): FieldCheck | undefined {
  if (!pattern) return undefined;
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  const rule = `matches ${pattern}`;
  return (value) => (itemsOf(value).every((item) => expression.test(String(item))) ? undefined : rule);
}

function itemsOf(value: unknown): unknown[] {
  return typeof value === 'string' ? [value] : [...(value as Iterable<unknown>)];
}
