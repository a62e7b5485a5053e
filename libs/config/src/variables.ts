import { z } from 'zod';
import { Secret } from './secret.ts';

/** A whole number in bounds, with a default. */
export function integer(fallback: number, bounds: { min?: number; max?: number } = {}) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  return z
    .string()
    .regex(/^\d+$/, 'a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `at least ${min}`).max(max, `at most ${max}`))
    .default(fallback);
}

/** A whole number in bounds that may be absent: absence is a choice of its own. */
export function optionalInteger(bounds: { min?: number; max?: number } = {}) {
  return integer(0, bounds).removeDefault().optional();
}

/** A TCP port; 0 takes a free one. */
export function port(fallback: number) {
  return integer(fallback, { max: 65_535 });
}

/** Text, with a default. */
export function text(fallback: string) {
  return z.string().default(fallback);
}

/** Text that may be absent: absence is a choice of its own. */
export function optionalText() {
  return z.string().optional();
}

/** One of a closed set, with a default. */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values, fallback: Values[number]) {
  return z.enum(values, `one of ${values.join(', ')}`).default(fallback as never);
}

/** One of a closed set, that may be absent. */
export function optionalOneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `one of ${values.join(', ')}`).optional();
}

/** A list separated by commas; empty by default. */
export function list() {
  return z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
}

/** An absolute URL of one of the given schemes, that may be absent. */
export function optionalUrl(...schemes: string[]) {
  const says = `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), says)
    .optional();
}

/** A secret that must be there; prints as `***`. */
export function secret() {
  return z.string('is not set').transform((value) => new Secret(value));
}

/** A secret that may be absent. */
export function optionalSecret() {
  return z
    .string()
    .transform((value) => new Secret(value))
    .optional();
}
