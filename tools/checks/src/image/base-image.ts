import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Node that stands in for the base image. */
export interface BaseImage {
  /** Folder with `node`, for `PATH`. */
  readonly bin: string;
}

const shape = /^node:(?<version>\d+\.\d+\.\d+)-[a-z]+-slim$/;

/**
 * Stands in for the official image of Node: the same version, from the package that the lock file brings, copied to where any user
 * may run it. Errors: `Error` for another image, for a tag that is not exact, and for a version that is not the installed one.
 */
export function prepareBase(root: string, image: string, folder: string): BaseImage {
  const version = shape.exec(image)?.groups?.['version'];
  if (version === undefined) throw new Error(`${image} is not an exact tag of the slim image of Node.`);
  const name = `node-${process.platform}-${process.arch}`;
  const packaged = join(root, 'node_modules', name);
  const installed = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { version: string };
  if (installed.version !== version) throw new Error(`${image}: the lock file brings Node ${installed.version}.`);
  const bin = join(folder, 'usr/local/bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(bin, { recursive: true });
    cpSync(join(packaged, 'bin/node'), join(bin, 'node'));
    chmodSync(join(bin, 'node'), 0o755);
  }
  return { bin };
}
