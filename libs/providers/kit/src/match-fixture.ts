import type { Fixture, FixtureRequest } from './load-fixtures.ts';

/** What a request has in the places that a fixture leaves open, by the names in braces. */
export type FixtureValues = Readonly<Record<string, string>>;

/** A fixture that answers a request, and what the request says in its open places. */
export interface FixtureMatch {
  readonly fixture: Fixture;
  readonly values: FixtureValues;
}

/** A request as a player sees it. */
export interface PlayerRequest {
  readonly method: string | undefined;
  /** Path and query below the provider's name: `/<host name>/<path>?<query>`. */
  readonly url: string;
}

/**
 * The fixtures of a provider, of whatever case, that answer a request: the one that says most about it first, else in
 * their order. Pure.
 *
 * In a path segment or query value, `{name}` alone stands for anything; several, or with other text, such as
 * `{lat:number},{lon:number}`, for that shape: `:number` takes a number, the others whatever is not a comma.
 */
export function matchFixtures(fixtures: readonly Fixture[], { method, url }: PlayerRequest): readonly FixtureMatch[] {
  const asked = new URL(url, 'http://player');
  return fixtures
    .flatMap((fixture) => {
      const read = fixture.request.method === method ? readValues(fixture.request, asked) : undefined;
      return read ? [{ fixture, ...read }] : [];
    })
    .sort((a, b) => b.closeness - a.closeness)
    .map(({ fixture, values }) => ({ fixture, values }));
}

interface Read {
  readonly values: FixtureValues;
  /** How many parts of the request are not left open. */
  readonly closeness: number;
}

/** What stands in the open places; undefined: the request is another one. */
function readValues({ host, path, query }: FixtureRequest, asked: URL): Read | undefined {
  const wanted = `/${host}${path}`.split('/');
  const got = asked.pathname.split('/');
  if (wanted.length !== got.length) return undefined;
  const pairs: [string, string | null][] = [
    ...wanted.map((part, index): [string, string] => [part, decode(got[index] ?? '')]),
    ...Object.entries(query).map(([name, part]): [string, string | null] => [part, asked.searchParams.get(name)]),
  ];
  const values: Record<string, string> = {};
  let closeness = 0;
  for (const [part, value] of pairs) {
    const read = value === null ? undefined : readPart(part, value);
    if (!read) return undefined;
    Object.assign(values, read);
    if (!isAnything.test(part)) closeness += 1;
  }
  return { values, closeness };
}

const isAnything = /^\{[a-z_]+\}$/i;
const place = /\{([a-z_]+)(:number)?\}/gi;

function readPart(part: string, value: string): Record<string, string> | undefined {
  if (isAnything.test(part)) return { [part.slice(1, -1)]: value };
  if (!part.includes('{')) return part === value ? {} : undefined;
  const names: string[] = [];
  let pattern = '';
  let end = 0;
  for (const { 0: text, 1: name = '', 2: number, index } of part.matchAll(place)) {
    pattern += escape(part.slice(end, index)) + (number ? '(-?\\d+(?:\\.\\d+)?)' : '([^,]+)');
    names.push(name);
    end = index + text.length;
  }
  const found = new RegExp(`^${pattern}${escape(part.slice(end))}$`).exec(value);
  return found ? Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])) : undefined;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A lone per cent sign: what came is then taken as it is.
    return segment;
  }
}
