/** A variable of a path template. */
export interface PathVariable {
  /** Field path in proto spelling, such as `code` or `endpoint.id`. */
  readonly name: string;
  /** Whether its value may contain slashes. */
  readonly isMultiSegment: boolean;
  /** What the whole value must match, when the template says more than "one segment" or "any segments". */
  readonly pattern?: string;
}

/** A path as OpenAPI writes it, and its variables in order. */
export interface DocumentedPath {
  readonly path: string;
  readonly variables: readonly PathVariable[];
}

const variable = /\{([^{}=]+)(?:=([^{}]+))?\}/g;

/**
 * A path template of google/api/http.proto in the spelling of OpenAPI: `/zones/{id=**}` becomes `/zones/{id}`.
 * Throws on a wildcard outside of a variable: OpenAPI has no name for it.
 */
export function toDocumentedPath(template: string): DocumentedPath {
  const variables: PathVariable[] = [];
  const path = template.replace(variable, (_whole, name: string, segments: string = '*') => {
    variables.push(toVariable(name, segments));
    return `{${name}}`;
  });
  if (path.includes('*')) throw new Error(`${template}: a wildcard needs a variable to be documented`);
  return { path, variables };
}

function toVariable(name: string, segments: string): PathVariable {
  if (segments === '*') return { name, isMultiSegment: false };
  if (segments === '**') return { name, isMultiSegment: true };
  const pattern = segments.split('/').map(segmentPattern).join('/');
  return { name, isMultiSegment: segments.includes('/') || segments.includes('**'), pattern: `^${pattern}$` };
}

function segmentPattern(segment: string): string {
  if (segment === '**') return '.*';
  return segment === '*' ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
