import { parentOf } from '@universal-api/infra';

/**
 * Sends a signal to a process that this one started, itself or through others, and to no other one: a pid that is not below
 * ours is refused. Errors: one sentence for a process that is not ours or is gone.
 */
export function signalOwn(pid: number, name: NodeJS.Signals): void {
  if (!isOwn(pid))
    throw new Error(`Process ${pid} is not below process ${process.pid}: it is not ours to send ${name}.`);
  process.kill(pid, name);
}

/** Kills (SIGKILL) a process of ours. */
export const killOwn = (pid: number): void => signalOwn(pid, 'SIGKILL');

/** Stops a process of ours from running without ending it. */
export const freezeOwn = (pid: number): void => signalOwn(pid, 'SIGSTOP');

/** Lets a frozen process of ours go on. */
export const thawOwn = (pid: number): void => signalOwn(pid, 'SIGCONT');

function isOwn(pid: number): boolean {
  for (let at = parentOf(pid); at !== undefined && at > 1; at = parentOf(at)) {
    if (at === process.pid) return true;
  }
  return false;
}
