import { existsSync } from 'node:fs';
import { join } from 'node:path';

const wanted = [24, 7];

/** The Node that runs the product: the one the lock file brings, else the running one if it is new enough. */
export function findNode(root) {
  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return process.execPath;
  throw new Error(
    `Node ${wanted.join('.')} or newer is needed; this is ${process.versions.node}, and the lock file brings none for ` +
      `${process.platform}-${process.arch}. Install Node 24 and start again.`,
  );
}
