import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const python = 'python3';
const packages = ['PyJWT==2.15.1', 'cryptography==50.0.2'];
/** Kept in the clone beside what other tests fetch; git ignores it. */
const cache = fileURLToPath(new URL('../../../.setup/infra', import.meta.url));

/** A Python that can import PyJWT. */
export interface PyJwt {
  readonly python: string;
  /** For `PYTHONPATH`. */
  readonly folder: string;
}

/** Finds one, and fetches PyJWT with pip the first time; a sentence that says why not where it cannot be had. */
export function findPyJwt(): PyJwt | string {
  try {
    const tag = run('-c', 'import sys; print("%d%d" % sys.version_info[:2])').trim();
    const folder = join(cache, `pyjwt-2.15.1-${tag}`);
    if (!existsSync(folder)) fetchInto(folder);
    return { python, folder };
  } catch (error) {
    return `PyJWT cannot be had: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function fetchInto(folder: string): void {
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(`${folder}.unfinished-`);
  try {
    run('-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--target', unfinished, ...packages);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function run(...words: string[]): string {
  return execFileSync(python, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
}
