import { AppError } from '@universal-api/errors';

/** A field that the contract requires; the server has checked that it is there. Errors: `invalid_request`. */
export function required<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw new AppError('invalid_request', { errors: [{ field, rule: 'required' }] });
  return value;
}
