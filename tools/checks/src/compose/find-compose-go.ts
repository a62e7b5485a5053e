import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NotRun } from '../not-run.ts';

const version = 'v2.6.0';
const installMs = 240_000;
/** From PATH, or where Go's own archive is unpacked to. */
const places = ['go', '/usr/local/go/bin/go'];

/**
 * Compose's own loader as a program, built once by Go into the cache of this clone. Errors: `NotRun` with the reason where there is
 * no Go, or the module cannot be had.
 */
export function findComposeGo(root: string): string {
  const cache = join(root, '.setup');
  const program = join(cache, `compose-go-${version}`);
  if (existsSync(program)) return program;
  const go = places.find((place) => spawnSync(place, ['version']).status === 0);
  if (!go) throw new NotRun('There is no Go to build compose-go with.');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${program}.unfinished-`);
  try {
    const { status, stderr } = spawnSync(go, ['install', `github.com/compose-spec/compose-go/v2/cmd@${version}`], {
      encoding: 'utf8',
      timeout: installMs,
      env: {
        ...process.env,
        GOTOOLCHAIN: 'local',
        // Else its files could not be removed again.
        GOFLAGS: '-modcacherw',
        GOBIN: join(folder, 'bin'),
        GOPATH: join(folder, 'path'),
        GOCACHE: join(folder, 'cache'),
      },
    });
    if (status !== 0) throw new NotRun(`Go could not build compose-go: ${(stderr ?? '').trim().slice(-500)}`);
    renameSync(join(folder, 'bin/cmd'), program);
    return program;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
