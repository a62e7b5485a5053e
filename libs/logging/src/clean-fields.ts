import { AppError } from '@universal-api/errors';
import { logFields } from './fields.ts';

const allowed: ReadonlySet<string> = new Set(logFields);
const maxValueLength = 2_048;

/** Fields as they may be printed: those of the allow-list, values cut to 2 KiB. `onDropped` is told of each other one. */
export function cleanFields(
  fields: Readonly<Record<string, unknown>>,
  onDropped: (name: string) => void,
): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    if (!allowed.has(name)) onDropped(name);
    else clean[name] = name === 'err' ? cleanError(value) : cleanValue(value);
  }
  return clean;
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join(',') : String(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}

/**
 * An error as it may be printed. Only our own errors show their message: a foreign one may hold a URL with a key.
 * The stack loses its first lines (the message) for the same reason.
 */
function cleanError(value: unknown): Record<string, unknown> {
  if (!(value instanceof Error)) return { type: typeof value };
  const isOurs = AppError.is(value);
  const code = isOurs ? value.code : (value as NodeJS.ErrnoException).code;
  const frames = value.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return {
    type: value.name,
    ...(code === undefined ? {} : { code: cleanValue(code) }),
    ...(isOurs ? { message: cleanValue(value.message) } : {}),
    stack: cleanValue(frames.join('\n')),
    ...(value.cause instanceof Error ? { cause: cleanError(value.cause) } : {}),
  };
}
