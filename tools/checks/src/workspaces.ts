import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a `package.json` of a workspace says. */
export interface PackageFile {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One workspace of the repository. */
export interface Workspace {
  /** Folder relative to the root, such as `libs/errors`. */
  readonly folder: string;
  readonly manifest: PackageFile;
}

/** Every workspace, by the folders that the root `package.json` names. */
export function listWorkspaces(root: string): Workspace[] {
  return ['apps', 'libs', 'libs/providers', 'tools'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => ({
        folder,
        manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as PackageFile,
      })),
  );
}

/** Source files of a workspace, relative to the root. */
export function sourcesOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ''))
    .filter((file) => !file.includes('/node_modules/') && !file.includes('/gen/es/'))
    .filter((file) => folder !== 'libs' || !file.startsWith('libs/providers/'));
}
