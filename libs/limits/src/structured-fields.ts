/** One member of a structured-field list of strings. */
export interface FieldItem {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Reads a structured-field list of strings with integer parameters (RFC 9651, 4.2) one character at a time, or throws. It knows
 * nothing of the writer, which it is there to judge. For tests only.
 */
export function parseFieldList(text: string): FieldItem[] {
  let at = 0;
  const fail = (): never => {
    throw new Error(`not a structured-field list at ${at}: ${text}`);
  };
  const take = (expected: string) => (text.startsWith(expected, at) ? void (at += expected.length) : fail());
  const takeWhile = (accepts: RegExp) => {
    const start = at;
    while (accepts.test(text.charAt(at))) at += 1;
    return text.slice(start, at);
  };
  const items: FieldItem[] = [];
  for (;;) {
    take('"');
    const name = takeWhile(/[\x20-\x21\x23-\x5b\x5d-\x7e]/);
    take('"');
    const parameters: Record<string, number> = {};
    while (text.charAt(at) === ';') {
      take(';');
      const key = takeWhile(/[a-z]/);
      take('=');
      const digits = takeWhile(/[0-9]/);
      if (key === '' || digits === '' || digits.length > 15 || key in parameters) fail();
      parameters[key] = Number(digits);
    }
    items.push({ name, parameters });
    if (at === text.length) return items;
    take(', ');
  }
}
