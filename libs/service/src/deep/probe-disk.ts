import { statfs } from 'node:fs/promises';
import type { Dependency, Finding } from './dependency.ts';

const mib = 1024 * 1024;
const scarceShare = 0.1;
const goneShare = 0.02;
/** A large disk with this much left is not full, whatever its share says. */
const enoughBytes = 5 * 1024 * mib;

/** Room on the disk of a folder, by the file system's own count of what we may still use. */
export function diskDependency(folder: string, ask: typeof statfs = statfs): Dependency {
  return {
    name: 'disk',
    without: 'unhealthy',
    async probe() {
      const { bavail, blocks, bsize } = await ask(folder);
      return findRoom(bavail * bsize, blocks * bsize);
    },
  };
}

function findRoom(freeBytes: number, allBytes: number): Finding | undefined {
  if (freeBytes >= enoughBytes) return undefined;
  const share = allBytes > 0 ? freeBytes / allBytes : 0;
  if (share < goneShare) return { status: 'unhealthy', detailCode: 'full' };
  return share < scarceShare ? { status: 'degraded', detailCode: 'nearly_full' } : undefined;
}
