import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';

/** An example of a call: a request in proto spelling, and an answer where a real one is known. */
export interface Example {
  readonly request: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
}

const productFolder = new URL('../../../protos/', import.meta.url);

/**
 * Every example beside the protos, `uapi/<app>/v1/examples/<operation>.json`, by operation (`weather.current`), in
 * alphabetical order. Throws on a file that is no example and on an operation that two folders claim.
 */
export function loadExamples(folder: URL = productFolder): ReadonlyMap<string, Example> {
  const files = new Map<string, URL>();
  const apps = readdirSync(new URL('uapi/', folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const app of apps) {
    for (const file of exampleFiles(new URL(`uapi/${app.name}/v1/examples/`, folder))) {
      const operation = basename(file.pathname, '.json');
      const other = files.get(operation);
      if (other) throw new Error(`${operation} has two examples: ${other.pathname}, ${file.pathname}`);
      files.set(operation, file);
    }
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([operation, file]) => [operation, readExample(file)]));
}

function exampleFiles(folder: URL): URL[] {
  // Most packages have no operations of their own, so no folder of examples.
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [new URL(name, folder)] : []));
}

function readExample(file: URL): Example {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(value)) throw new Error(`${file.pathname} is no object`);
  const { request, response, ...others } = value;
  if (!isRecord(request)) throw new Error(`${file.pathname} has no object \`request\``);
  if (response !== undefined && !isRecord(response)) throw new Error(`${file.pathname}: \`response\` is no object`);
  const [unread] = Object.keys(others);
  if (unread !== undefined) throw new Error(`${file.pathname}: nothing reads \`${unread}\``);
  return response ? { request, response } : { request };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
