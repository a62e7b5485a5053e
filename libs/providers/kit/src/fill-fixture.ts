import type { FixtureMatch, FixtureValues } from './match-fixture.ts';

/** An answer as it is sent. */
export interface FilledAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `{name}` stands for the text of the question, `{name:number}`, alone in its string, for the number. */
const whole = /^\{([a-z_]+)(:number)?\}$/;
const inText = /\{([a-z_]+)\}/g;

/**
 * The answer of a fixture to one request: in its body, names in braces become what the request has in the place of that
 * name, so that the answer is about what was asked. A name that the request does not have is left as it stands. Pure.
 */
export function fillFixture({ fixture: { status, headers, body }, values }: FixtureMatch): FilledAnswer {
  if (typeof body === 'string') return { status, headers, body };
  const filled = Object.keys(values).length === 0 ? body : fill(body, values);
  return { status, headers, body: JSON.stringify(filled) };
}

function fill(value: unknown, values: FixtureValues): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, values)]));
}

function fillText(text: string, values: FixtureValues): string | number {
  const [, name = '', isNumber] = whole.exec(text) ?? [];
  const value = values[name];
  const number = isNumber && value !== undefined ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  return text.replace(inText, (placeholder, inner: string) => values[inner] ?? placeholder);
}
