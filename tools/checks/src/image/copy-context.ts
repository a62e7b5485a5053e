import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Copies a build context into a folder, without what `.dockerignore` names. Errors: `Error` for a pattern with `!`. */
export function copyContext(context: string, target: string): void {
  const file = join(context, '.dockerignore');
  const ignored = toIgnored(existsSync(file) ? readFileSync(file, 'utf8') : '');
  cpSync(context, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !ignored(relative(context, source)),
  });
}

/** Patterns of `.dockerignore` → whether a path is left out; what lies in a folder that is left out is never asked about. */
export function toIgnored(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (patterns.some((pattern) => pattern.startsWith('!'))) throw new Error('.dockerignore: ! is not known.');
  const shapes = patterns.map((pattern) => new RegExp(`^${patternSource(pattern)}$`));
  return (path) => shapes.some((shape) => shape.test(path));
}

function patternSource(pattern: string): string {
  return pattern
    .split(/(\*\*\/|\*)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
}
