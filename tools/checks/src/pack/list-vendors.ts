import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `package-lock.json`, as far as it is read. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * Folders of the packages that are imported and of all they depend on, relative to the root. An optional one is taken where it is
 * installed. Errors: `Error` for one that is imported and not installed.
 */
export function listVendors(
  root: string,
  lock: Lockfile,
  imported: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const folders = new Set<string>();
  const add = (name: string, from: string, isOptional: boolean) => {
    const folder = locate(lock, name, from);
    const isThere = folder !== undefined && existsSync(join(root, folder));
    if (!isThere && isOptional) return;
    if (!isThere) throw new Error(`${name}, needed by ${from}, is not installed.`);
    if (folders.has(folder)) return;
    folders.add(folder);
    const entry = lock.packages[folder] ?? {};
    const optional = entry.optionalDependencies ?? {};
    for (const needed of Object.keys({ ...entry.dependencies, ...optional })) add(needed, folder, needed in optional);
    for (const peer of Object.keys(entry.peerDependencies ?? {})) {
      if (entry.peerDependenciesMeta?.[peer]?.optional !== true) add(peer, folder, false);
    }
  };
  for (const [name, importers] of imported) {
    for (const importer of importers) add(name, importer, isOptionalOf(lock, importer, name));
  }
  return folders;
}

/** Nearest `node_modules` upwards that has the package, as Node looks for it. */
function locate(lock: Lockfile, name: string, from: string): string | undefined {
  for (let place = from; ; place = parentOf(place)) {
    const folder = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
    if (lock.packages[folder] !== undefined) return folder;
    if (place === '') return undefined;
  }
}

function parentOf(place: string): string {
  const end = place.lastIndexOf('/');
  return end === -1 ? '' : place.slice(0, end);
}

function isOptionalOf(lock: Lockfile, workspace: string, name: string): boolean {
  return name in (lock.packages[workspace]?.optionalDependencies ?? {});
}
