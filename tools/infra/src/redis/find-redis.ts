import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { filledOnce } from '../cache-folder.ts';
import { installPackages, mayInstall, unpackPackages } from '../debian.ts';
import { findProgram } from '../process/find-program.ts';

/** How Redis is called: the program, and the folder of its libraries where it is not installed. */
export interface RedisProgram {
  readonly command: string;
  readonly libraries?: string;
}

/** `redis-server` is the same program under another name; Debian's package of it starts a service, this one does not. */
const packages = ['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1', 'liblua5.1-0'];

/**
 * Redis of the system; else Debian's, installed by root, or unpacked into the cache by anybody else.
 * Errors: one sentence when neither can be had.
 */
export async function findRedis(): Promise<RedisProgram> {
  const found = findProgram('redis-server');
  if (found) return { command: found };
  if (findProgram('apt-get') === undefined)
    throw new Error('redis-server is not on the path, and there is no apt-get.');
  if (mayInstall()) {
    await installPackages('redis-server');
    return { command: findProgram('redis-server') ?? '/usr/bin/redis-server' };
  }
  const folder = await filledOnce(`redis-debian-${process.arch}`, async (unfinished) => {
    await unpackPackages(unfinished, ...packages);
    symlinkSync('redis-check-rdb', join(unfinished, 'usr/bin/redis-server'));
  });
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return { command: join(folder, 'usr/bin/redis-server'), libraries: join(folder, 'usr/lib', triplet) };
}
