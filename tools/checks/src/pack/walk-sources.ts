import { existsSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import type { Workspace } from '../workspaces.ts';
import { findImports } from './find-imports.ts';
import { resolveWorkspace } from './resolve-workspace.ts';

/** Everything of the repository that a program needs, paths relative to the root. */
export interface WalkedSources {
  /** Modules, JSON among them. */
  readonly files: ReadonlySet<string>;
  /** Files and folders that modules read. */
  readonly assets: ReadonlySet<string>;
  /** Workspaces of those modules: their `package.json` and their link in `node_modules` are needed too. */
  readonly workspaces: ReadonlySet<Workspace>;
  /** Vendor packages that are imported, each with the workspaces that do so. */
  readonly vendors: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Imports that only the running program knows, by the file they stand in, and why an image goes without them. Any other one
 * ends the walk: an image must not lack what nobody saw.
 */
const leftOut: Readonly<Record<string, string>> = {
  'libs/database/src/embedded/postgres-binaries.ts': 'an image has no PostgreSQL of its own',
};

/** Follows the imports of a program from its first file. Errors: `Error` for a file that is missing, or an import that cannot be known. */
export function walkSources(root: string, workspaces: readonly Workspace[], main: string): WalkedSources {
  const files = new Set<string>();
  const assets = new Set<string>();
  const used = new Set<Workspace>();
  const vendors = new Map<string, Set<string>>();
  const waiting = [main];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    if (!existsSync(join(root, file))) throw new Error(`${file} is imported and missing.`);
    files.add(file);
    const workspace = ownerOf(workspaces, file);
    used.add(workspace);
    if (!file.endsWith('.ts')) continue;
    const found = findImports(readFileSync(join(root, file), 'utf8'));
    const [unknown] = found.unknown;
    if (unknown !== undefined && !(file in leftOut)) {
      throw new Error(`${file} loads ${unknown.trim()}, which cannot be followed; name the module.`);
    }
    for (const path of found.paths) {
      const asset = posix.join(dirname(file), path);
      if (isModule(root, asset)) waiting.push(asset);
      else assets.add(asset.replace(/\/$/, ''));
    }
    for (const name of [...found.modules, ...found.resolved]) {
      if (isBuiltin(name)) continue;
      const target = name.startsWith('.') ? posix.join(dirname(file), name) : resolveWorkspace(workspaces, name);
      if (target !== undefined) waiting.push(target);
      else addTo(vendors, packageOf(name), workspace.folder);
    }
  }
  return { files, assets, workspaces: used, vendors };
}

function ownerOf(workspaces: readonly Workspace[], file: string): Workspace {
  const owner = workspaces.find(({ folder }) => file.startsWith(`${folder}/`));
  if (owner === undefined) throw new Error(`${file} belongs to no workspace.`);
  return owner;
}

/** A program of its own that is started by its path, such as a worker thread. */
function isModule(root: string, path: string): boolean {
  return /\.m?[jt]s$/.test(path) && existsSync(join(root, path)) && statSync(join(root, path)).isFile();
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key) ?? new Set();
  map.set(key, values.add(value));
}
