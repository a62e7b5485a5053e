import { AppError } from '@universal-api/errors';

/** A change, as a PATCH makes it: values, and which of them are meant. */
interface MaskedRequest {
  readonly updateMask?: { readonly paths: readonly string[] } | undefined;
}

/**
 * The fields that a PATCH changes: those of its mask, which the gateway makes of the keys of the body (style.md 4.6).
 * `needed` names the property of a field that may be changed and not taken away.
 *
 * Errors: `invalid_request` for an empty mask, a field that is not changed this way, or a needed one without a value.
 */
export function readMask<Field extends string, Request extends MaskedRequest>(
  request: Request,
  fields: readonly Field[],
  needed: Partial<Record<Field, keyof Request>> = {},
): ReadonlySet<Field> {
  const paths = request.updateMask?.paths ?? [];
  const isField = (path: string): path is Field => (fields as readonly string[]).includes(path);
  const errors = paths.filter((path) => !isField(path)).map((field) => ({ field, rule: 'cannot be changed here' }));
  const mask = new Set(paths.filter(isField));
  for (const field of mask) {
    const property = needed[field];
    if (property !== undefined && request[property] === undefined) errors.push({ field, rule: 'cannot be taken away' });
  }
  if (paths.length === 0) errors.push({ field: 'update_mask', rule: `at least one of ${fields.join(', ')}` });
  if (errors.length > 0) throw new AppError('invalid_request', { errors });
  return mask;
}
