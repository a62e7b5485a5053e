import { isBuiltin } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listWorkspaces, sourcesOf, type Workspace } from './workspaces.ts';

const importShape =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*'([^']+)'/g;
const testFile = /\.(test|contract|fault)\.ts$|\/test\/|\/testing\//;
/** Root development packages that tests everywhere may import. */
const everywhere = new Set(['@jest/globals', 'fast-check']);

/** Every vendor package that a workspace imports is declared there, exactly pinned, and nothing else is. */
export function checkPackages(root: string): string[] {
  return listWorkspaces(root).flatMap((workspace) => checkOne(root, workspace));
}

function checkOne(root: string, { folder, manifest }: Workspace): string[] {
  const complaints: string[] = [];
  const declared = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(declared)) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      complaints.push(`${folder}: ${name} is not pinned exactly (${version})`);
  }
  const used = new Set<string>();
  for (const file of sourcesOf(root, folder)) {
    for (const name of vendorImports(readFileSync(join(root, file), 'utf8'))) {
      used.add(name);
      if (everywhere.has(name) && testFile.test(file)) continue;
      if (!(name in declared))
        complaints.push(`${file} imports ${name}, which ${folder}/package.json does not declare`);
    }
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!used.has(name) && !mentions(root, folder, name))
      complaints.push(`${folder} declares ${name} and never imports it`);
  }
  return complaints;
}

function vendorImports(text: string): string[] {
  return [...text.matchAll(importShape)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((path) => path !== '' && !path.startsWith('.') && !isBuiltin(path) && !path.startsWith('@universal-api/'))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

/** A package that is read from disk or resolved by name counts as used when its name stands in the sources. */
function mentions(root: string, folder: string, name: string): boolean {
  return sourcesOf(root, folder).some((file) => readFileSync(join(root, file), 'utf8').includes(name));
}
