import { execFileSync } from 'node:child_process';

/**
 * What was built: the name that was given (`UAPI_BUILD`; an image sets it), else the commit of the checkout that runs, else `unknown`. Asked once per
 * process, at its start.
 */
export function readBuild(named: string | undefined): string {
  if (named) return named;
  try {
    const words = ['rev-parse', '--short=12', 'HEAD'];
    return execFileSync('git', words, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown'; // No git, or no checkout: an image says it by its variable.
  }
}
