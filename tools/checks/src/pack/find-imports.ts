import { stripTypeScriptTypes } from 'node:module';

/** What one source file needs at run time. */
export interface FoundImports {
  /** Specifiers of imports, static and dynamic, without those of types alone. */
  readonly modules: readonly string[];
  /** Packages of which a file is looked up by `require.resolve`. */
  readonly resolved: readonly string[];
  /** Paths read beside the file: `new URL('<path>', import.meta.url)`, up to where a path is put together. */
  readonly paths: readonly string[];
  /** Imports and paths that only the running program knows, as they are written. */
  readonly unknown: readonly string[];
}

const fromShape = /(?:^|\n|;)\s*(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])(?<name>[^'"\n]+)\1/g;
const bareShape = /(?:^|\n|;)\s*import\s*(['"])(?<name>[^'"\n]+)\1/g;
const dynamicShape = /\bimport\(\s*(?:(['"])(?<name>[^'"\n]+)\1\s*[,)]|(?<unknown>[^)\n]*\)))/g;
const resolveShape = /\.resolve\(\s*(['"])(?<name>[^'"\n]+)\1\s*\)/g;
const urlShape = /\bnew URL\(\s*(?:(['"`])(?<path>[^'"`\n]+)\1|(?<unknown>[^,()]+)),\s*import\.meta\.url\s*\)/g;

/** Reads the text of a TypeScript module; imports of types alone are erased first, as Node erases them. */
export function findImports(source: string): FoundImports {
  const text = withoutComments(stripTypeScriptTypes(source));
  const all = (shape: RegExp, group: string) =>
    [...text.matchAll(shape)].flatMap((match) => (match.groups?.[group] ? [match.groups[group]] : []));
  const readsPackages = text.includes('createRequire(') || text.includes('import.meta.resolve(');
  return {
    modules: [...all(fromShape, 'name'), ...all(bareShape, 'name'), ...all(dynamicShape, 'name')],
    resolved: readsPackages ? all(resolveShape, 'name') : [],
    paths: all(urlShape, 'path').map((path) => fixedPart(path)),
    unknown: [...all(dynamicShape, 'unknown').map((words) => `import(${words}`), ...all(urlShape, 'unknown')],
  };
}

/** Whole-line comments and doc blocks, where an example may look like an import. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
}

/** The folder up to which a path is the same whatever is put into it. */
function fixedPart(path: string): string {
  const start = path.indexOf('${');
  return start === -1 ? path : path.slice(0, path.lastIndexOf('/', start) + 1);
}
