/** Puts values into `$NAME` and `${NAME}`. Errors: `Error` for other forms of `$`, and for a name that has no value. */
export function expandWords(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+)|.?)/g, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain;
    if (name === undefined) throw new Error(`${whole} is not known.`);
    const value = values[name];
    if (value === undefined) throw new Error(`${name} has no value.`);
    return value;
  });
}

/** `["node", "main.ts"]` → its words. Errors: `Error` for the form that a shell would read. */
export function readWords(text: string): [string, ...string[]] {
  const words: unknown = text.startsWith('[') ? JSON.parse(text) : undefined;
  if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === 'string')) {
    throw new Error(`${text} is no list of words.`);
  }
  return words as [string, ...string[]];
}
