import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const homes = ['apps', 'libs', 'tools'];

/** Test files by the end of their names (`.fault.ts`), as paths below the root, in order. */
export function findTests(root: string, ending: string): string[] {
  return homes
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(ending) && !/node_modules|\/\.data\//.test(entry.parentPath),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Those whose path or first line holds one of the words; all when there is no word. */
export function pickTests(root: string, files: readonly string[], words: readonly string[]): string[] {
  return files.filter((file) => {
    const firstLine = () => readFileSync(join(root, file), 'utf8').split('\n', 1)[0] ?? '';
    return words.length === 0 || words.some((word) => file.includes(word) || firstLine().includes(word));
  });
}

/**
 * Those of the Nx projects that `--projects=a,b` names among the words of `npm test`; all when it is not among them.
 * A pattern (`--projects=providers-*`) is left to Nx and picks none here.
 */
export function pickProjects(root: string, files: readonly string[], words: readonly string[]): string[] {
  const named = words
    .find((word) => word.startsWith('--projects='))
    ?.slice('--projects='.length)
    .split(',');
  if (!named) return [...files];
  const folders = findTests(root, 'package.json')
    .filter((file) => named.includes(projectName(join(root, file)) ?? ''))
    .map((file) => file.slice(0, -'package.json'.length));
  return files.filter((file) => folders.some((folder) => file.startsWith(folder)));
}

function projectName(file: string): string | undefined {
  return (JSON.parse(readFileSync(file, 'utf8')) as { nx?: { name?: string } }).nx?.name;
}
