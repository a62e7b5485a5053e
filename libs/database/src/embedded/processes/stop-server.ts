import { refusal } from '../../refusal.ts';
import { canFindProcesses, findProcesses, isAlive, signal } from './find-processes.ts';
import { waitUntil } from '../wait-until.ts';

const fastMs = 10_000;
const immediateMs = 10_000;
const killMs = 10_000;

/**
 * Stops the server of a folder and waits until it and all its backends are gone: a fast shutdown (SIGINT), after 10 s an
 * immediate one (SIGQUIT; the next start recovers from the log), at the very end SIGKILL. No committed row is lost.
 */
export async function stopServer(home: string, pid: number): Promise<void> {
  const isGone = () => (canFindProcesses() ? findProcesses(home).ofServer.length === 0 : !isAlive(pid));
  signal(pid, 'SIGINT');
  if (await waitUntil(isGone, fastMs)) return;
  signal(pid, 'SIGQUIT');
  if (await waitUntil(isGone, immediateMs)) return;
  if (canFindProcesses()) await killAll(home, 'ofServer');
}

/** Kills what is left of a server (its postmaster gone) or of an initdb, and waits for the end of each. */
export async function killAll(home: string, which: 'ofServer' | 'ofInit'): Promise<void> {
  for (const pid of findProcesses(home)[which]) signal(pid, 'SIGKILL');
  if (await waitUntil(() => findProcesses(home)[which].length === 0, killMs)) return;
  throw refusal(`PostgreSQL processes of ${home} do not end: ${findProcesses(home)[which].join(', ')}.`);
}
