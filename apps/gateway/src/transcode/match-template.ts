/** One segment of a template: a literal, `*` (exactly one segment) or `**` (any number, none included; always last). */
export type TemplateSegment =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'one' } | { readonly kind: 'rest' };

/** A variable of a template: the field it fills, and the segments that are its value. */
export interface TemplateVariable {
  /** Path of the field, such as `thing.id`. */
  readonly field: string;
  readonly start: number;
  /** First segment behind it; `Infinity` when it ends in `**`. */
  readonly end: number;
}

/** A path template of `google.api.http`, taken apart. */
export interface PathTemplate {
  readonly text: string;
  readonly segments: readonly TemplateSegment[];
  readonly variables: readonly TemplateVariable[];
  /** What follows the last `:`, such as `cancel`; empty for none. */
  readonly verb: string;
}

const literalShape = /^[A-Za-z0-9._~-]+$/;
const fieldShape = /^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*$/;

/**
 * Takes a template apart: `"/" Segments [":" Verb]`, a segment being `*`, `**`, a literal or `{field.path[=Segments]}`.
 * Throws on anything else, so that a wrong rule ends the start. Source: google/api/http.proto, "Path template syntax".
 */
export function parseTemplate(text: string): PathTemplate {
  if (!text.startsWith('/')) throw wrong(text, 'does not start with /');
  const verbAt = findVerb(text);
  const verb = text.slice(verbAt + 1);
  if (verbAt < text.length && !literalShape.test(verb)) throw wrong(text, 'has an empty or odd verb');
  const segments: TemplateSegment[] = [];
  const variables: TemplateVariable[] = [];
  for (const part of splitOutsideBraces(text.slice(1, verbAt))) {
    if (!part.startsWith('{')) {
      segments.push(toSegment(text, part));
      continue;
    }
    if (!part.endsWith('}')) throw wrong(text, 'has a brace that does not close');
    const inner = part.slice(1, -1);
    const equalsAt = inner.indexOf('=');
    const field = equalsAt < 0 ? inner : inner.slice(0, equalsAt);
    if (!fieldShape.test(field)) throw wrong(text, `names no field: {${inner}}`);
    if (variables.some((variable) => variable.field === field)) throw wrong(text, `fills ${field} twice`);
    const start = segments.length;
    const pattern = equalsAt < 0 ? '*' : inner.slice(equalsAt + 1);
    for (const piece of pattern.split('/')) segments.push(toSegment(text, piece));
    variables.push({ field, start, end: segments.at(-1)?.kind === 'rest' ? Infinity : segments.length });
  }
  if (segments.slice(0, -1).some((segment) => segment.kind === 'rest')) throw wrong(text, 'has ** before its end');
  return { text, segments, variables, verb };
}

/** The value of a variable, from the decoded segments of a path that the template matches. */
export function valueOf(variable: TemplateVariable, segments: readonly string[]): string {
  if (variable.end === variable.start + 1) return segments[variable.start] ?? '';
  return segments.slice(variable.start, variable.end).join('/');
}

/** Index of the `:` before the verb; the length of the text when there is none. */
function findVerb(text: string): number {
  const colon = text.lastIndexOf(':');
  const isOutside = colon > text.lastIndexOf('}') && colon > text.lastIndexOf('/');
  return colon >= 0 && isOutside ? colon : text.length;
}

function splitOutsideBraces(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === '/' && depth === 0) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}

function toSegment(template: string, text: string): TemplateSegment {
  if (text === '*') return { kind: 'one' };
  if (text === '**') return { kind: 'rest' };
  if (!literalShape.test(text)) throw wrong(template, `has a segment that is none: "${text}"`);
  return { kind: 'literal', text };
}

function wrong(template: string, fault: string): Error {
  return new Error(`the path template ${template} ${fault}`);
}
