import { readdir, readFile } from 'node:fs/promises';

/** One recorded or documented answer of a provider, as it stands in `<operation>.<case>[.step].json`. */
export interface Fixture {
  /** Name of the file. */
  readonly file: string;
  /** Operation id, such as `weather.current`. */
  readonly operation: string;
  /** `success`, `empty`, `rate-limited`, `unauthorised`, `server-error`, `malformed` or `notice-<which>`. */
  readonly case: string;
  /** Page of the provider's documentation with the date it was read, or the date of a recording. */
  readonly source: string;
  readonly request: FixtureRequest;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
}

/** Which request a fixture answers. `{name}` as a path segment or a query value stands for any (see `matchFixtures`). */
export interface FixtureRequest {
  /** Name of the host in the manifest. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** These must be there; others may be. */
  readonly query: Readonly<Record<string, string>>;
}

const fileName = /^([a-z_]+\.[a-z0-9_]+)\.([a-z0-9-]+)(?:\.[a-z0-9-]+)?\.json$/;

/** All fixtures of a folder, in order of their names. Errors: `Error` naming the file that is not one. */
export async function loadFixtures(folder: URL): Promise<readonly Fixture[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => toFixture(name, await readFile(new URL(name, folder), 'utf8'))));
}

function toFixture(file: string, text: string): Fixture {
  const [, operation, outcome] = fileName.exec(file) ?? [];
  const content = JSON.parse(text) as Partial<Omit<Fixture, 'file' | 'operation' | 'case'>>;
  const { source, request, status, headers, body } = content;
  if (!operation || !outcome) throw new Error(`${file}: the name is not <operation>.<case>[.step].json`);
  if (!source || !request?.host || !request.path || !request.method || !request.query || !status || !headers) {
    throw new Error(`${file}: source, request{host, method, path, query}, status or headers is missing`);
  }
  return { file, operation, case: outcome, source, request, status, headers, body };
}
