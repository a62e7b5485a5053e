import { AppError } from '@universal-api/errors';
import type { JsonValue } from '@universal-api/protos';

/** Deepest nesting of a body, and most keys in all of it (platform.md 6.4). */
export const maxJsonDepth = 32;
export const maxJsonKeys = 10_000;

/** Refuses a parsed body that is too deep or has too many keys (`malformed_body`), or a key `__proto__` (`unknown_field`). */
export function checkJson(json: JsonValue): void {
  countKeys(json, 1, 0);
}

function countKeys(json: JsonValue, depth: number, before: number): number {
  if (typeof json !== 'object' || json === null) return before;
  if (depth > maxJsonDepth)
    throw new AppError('malformed_body', { detail: `At most ${maxJsonDepth} levels of nesting.` });
  let keys = before;
  if (Array.isArray(json)) {
    for (const item of json) keys = countKeys(item, depth + 1, keys);
    return keys;
  }
  for (const [key, value] of Object.entries(json)) {
    keys += 1;
    if (keys > maxJsonKeys) throw new AppError('malformed_body', { detail: `At most ${maxJsonKeys} keys in all.` });
    if (key === '__proto__') throw new AppError('unknown_field', { errors: [{ field: key, rule: 'unknown field' }] });
    keys = countKeys(value, depth + 1, keys);
  }
  return keys;
}
