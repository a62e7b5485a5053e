import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findFaults, type ComposeProject } from './compose/find-faults.ts';
import { findComposeGo } from './compose/find-compose-go.ts';

/**
 * `docker-compose.yml` is what Compose accepts, by Compose's own library, and says what it has to: see `findFaults`.
 * Answers complaints. Errors: `NotRun` without Go or without the library.
 */
export function checkCompose(root: string): string[] {
  const program = findComposeGo(root);
  const words = ['--format', 'json', join(root, 'docker-compose.yml')];
  // Without our own environment: a variable of a developer must not decide.
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: root,
    encoding: 'utf8',
    env: {},
    maxBuffer: 16 << 20,
  });
  if (status !== 0) return [`docker-compose.yml does not load: ${stderr.trim()}`];
  return findFaults(JSON.parse(stdout) as ComposeProject);
}
