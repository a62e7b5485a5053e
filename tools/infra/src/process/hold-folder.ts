import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';

/** A folder that nobody else may use at the same time. */
export interface HeldFolder {
  release(): Promise<void>;
}

/**
 * Holds a folder for this process: a small child keeps the lock on `folder.lock` until we release it or end, however that is.
 * Where there is no `flock` nothing is held. Errors: one sentence when another process holds it.
 */
export async function holdFolder(path: string): Promise<HeldFolder> {
  const flock = findProgram('flock');
  if (!flock) return { release: async () => {} };
  const words = ['--wait', '2', '--no-fork', join(path, 'folder.lock'), '/bin/sh', '-c', 'echo held; read line'];
  const child = spawn(flock, words, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const ended = once(child, 'exit');
  const isHeld = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!isHeld) throw new Error(`Another process uses ${path}.`);
  return {
    async release() {
      child.stdin.end('\n');
      await ended;
    },
  };
}
