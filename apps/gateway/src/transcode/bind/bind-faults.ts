import { AppError, type FieldError } from '@universal-api/errors';

/** What is wrong with the fields of one request, gathered so that a caller can mend all of it at once. */
export interface BindFaults {
  /** A name that the operation does not take. */
  unknown(field: string): void;
  /** A known field with a wrong value. */
  wrong(field: string, rule: string): void;
  hasAny(): boolean;
  /** Throws `unknown_field` or `invalid_request` when something was gathered. */
  throwIfAny(): void;
}

const maxFaults = 50;
const maxNameCharacters = 100;

/** No faults yet. */
export function createBindFaults(): BindFaults {
  const errors: FieldError[] = [];
  let hasUnknown = false;
  const add = (field: string, rule: string) => {
    if (errors.length < maxFaults) errors.push({ field: field.slice(0, maxNameCharacters), rule });
  };
  return {
    unknown(field) {
      // Unknown names come first: `next.field` is the first entry, and it should be what gave the code.
      if (!hasUnknown) errors.unshift({ field: field.slice(0, maxNameCharacters), rule: 'unknown field' });
      else add(field, 'unknown field');
      hasUnknown = true;
    },
    wrong: add,
    hasAny: () => errors.length > 0,
    throwIfAny() {
      if (errors.length > 0) throw new AppError(hasUnknown ? 'unknown_field' : 'invalid_request', { errors });
    },
  };
}
