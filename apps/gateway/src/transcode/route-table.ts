import { AppError } from '@universal-api/errors';
import type { HttpVerb } from '@universal-api/protos';
import type { PathTemplate } from './match-template.ts';

/** Where a path leads. */
export type RouteMatch<T> =
  | {
      readonly kind: 'found';
      readonly target: T;
      /** Decoded, without the verb. */ readonly segments: readonly string[];
    }
  /** The path exists with other verbs. */
  | { readonly kind: 'wrong_verb'; readonly allowed: readonly string[] }
  | { readonly kind: 'absent' };

/** Every route of a base path, as one tree: a look-up costs one map access per segment. */
export interface RouteTable<T> {
  /** Adds a route. Throws when another one has the same verb and the same shape of path. */
  add(verb: HttpVerb, template: PathTemplate, target: T): void;
  /**
   * The route of a path, which starts with `/` and is still percent-encoded; one slash at its end is ignored, HEAD is served
   * by GET. A literal segment wins over `*`, `*` over `**`. Throws `invalid_request` for a malformed escape.
   */
  find(verb: string, path: string): RouteMatch<T>;
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  one?: Node<T>;
  /** Routes that end here, by HTTP verb and custom verb. */
  readonly here: Map<string, Entry<T>>;
  /** Routes that end in `**` here. */
  readonly rest: Map<string, Entry<T>>;
}

interface Entry<T> {
  readonly template: string;
  readonly target: T;
}

const verbs: readonly HttpVerb[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** An empty table. */
export function createRouteTable<T>(): RouteTable<T> {
  const root = createNode<T>();
  const customVerbs = new Set<string>();
  const search = (verb: string, raw: readonly string[], decoded: readonly string[]): RouteMatch<T> | undefined => {
    const last = raw.at(-1) ?? '';
    const colon = last.lastIndexOf(':');
    const custom = colon < 0 ? '' : last.slice(colon + 1);
    if (custom && customVerbs.has(custom)) {
      const segments = [...decoded.slice(0, -1), decodeSegment(last.slice(0, colon))];
      const entry = descend(root, segments, 0, keyOf(verb, custom));
      if (entry) return { kind: 'found', target: entry.target, segments };
    }
    const entry = descend(root, decoded, 0, keyOf(verb, ''));
    return entry && { kind: 'found', target: entry.target, segments: decoded };
  };
  return {
    add(verb, template, target) {
      const leaf = leafOf(root, template);
      const key = keyOf(verb, template.verb);
      const other = leaf.get(key);
      if (other) throw new Error(`${verb} ${template.text} clashes with ${other.template}`);
      leaf.set(key, { template: template.text, target });
      if (template.verb) customVerbs.add(template.verb);
    },
    find(verb, path) {
      const raw = path.split('/');
      raw.shift();
      if (raw.at(-1) === '') raw.pop();
      const decoded = path.includes('%') ? raw.map(decodeSegment) : raw;
      const found = search(verb === 'HEAD' ? 'GET' : verb, raw, decoded);
      if (found) return found;
      const allowed: string[] = verbs.filter((candidate) => search(candidate, raw, decoded));
      if (allowed.length === 0) return { kind: 'absent' };
      return { kind: 'wrong_verb', allowed: allowed.includes('GET') ? ['HEAD', ...allowed] : allowed };
    },
  };
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), here: new Map(), rest: new Map() };
}

function keyOf(verb: string, custom: string): string {
  return custom ? `${verb}:${custom}` : verb;
}

function leafOf<T>(root: Node<T>, template: PathTemplate): Map<string, Entry<T>> {
  let node = root;
  for (const segment of template.segments) {
    if (segment.kind === 'rest') return node.rest;
    if (segment.kind === 'one') {
      node = node.one ??= createNode();
      continue;
    }
    let next = node.literals.get(segment.text);
    if (!next) {
      next = createNode();
      node.literals.set(segment.text, next);
    }
    node = next;
  }
  return node.here;
}

function descend<T>(node: Node<T>, segments: readonly string[], index: number, key: string): Entry<T> | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.here.get(key) ?? node.rest.get(key);
  const literal = node.literals.get(segment);
  const found = literal && descend(literal, segments, index + 1, key);
  if (found) return found;
  const one = node.one && segment !== '' ? descend(node.one, segments, index + 1, key) : undefined;
  return one ?? node.rest.get(key);
}

function decodeSegment(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const rule = 'percent-encoded UTF-8';
    throw new AppError('invalid_request', { errors: [{ field: 'path', rule }], cause });
  }
}
