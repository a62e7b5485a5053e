/** The code of something thrown, such as `ECONNREFUSED`; empty if it has none. */
export function codeOf(thrown: unknown): string {
  return textOf(thrown, 'code');
}

/** The message of something thrown; empty if it has none. */
export function messageOf(thrown: unknown): string {
  return textOf(thrown, 'message');
}

// By shape, not by `instanceof`: errors of Node's own parts may belong to another realm than this code.
function textOf(thrown: unknown, name: 'code' | 'message'): string {
  const value = typeof thrown === 'object' && thrown !== null ? (thrown as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}
