import { AppError } from '@universal-api/errors';

/**
 * A text of a request as it is asked and compared: NFC, trimmed, single spaces. Errors: `invalid_request`, naming the
 * field, when what remains is shorter than `minLength`.
 */
export function readText(field: string, text: string, minLength: number): string {
  const clean = text.normalize('NFC').trim().replace(/\s+/gu, ' ');
  if (clean.length >= minLength) return clean;
  const rule = `must have at least ${minLength} characters that are not space`;
  throw new AppError('invalid_request', { errors: [{ field, rule }] });
}

/** Degrees as they are compared: to so many decimals (4 are 11 m, 5 are 1 m). */
export function roundDegrees(degrees: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(degrees * factor) / factor;
}
