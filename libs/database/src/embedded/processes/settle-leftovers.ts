import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { canFindProcesses, findProcesses } from './find-processes.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { killAll, stopServer } from './stop-server.ts';

/** A server of an earlier run that goes on as ours. */
export interface AdoptedServer {
  readonly pid: number;
  readonly port: number;
}

/** Whether a living server answers and is as we would start it. */
export type FitnessProbe = (server: AdoptedServer) => Promise<boolean>;

/**
 * Deals with what an earlier run left in `home`, however it ended: an initdb is killed, a living server is adopted when
 * it is fit and stopped when not, backends without their server are killed, and only when nothing lives any more the
 * lock file goes. Called by the holder of the data folder's own lock alone.
 */
export async function settleLeftovers(home: string, isFit: FitnessProbe): Promise<AdoptedServer | undefined> {
  if (!canFindProcesses()) return undefined;
  if (findProcesses(home).ofInit.length > 0) await killAll(home, 'ofInit');
  rmSync(join(home, 'pg.new'), { recursive: true, force: true });

  const file = readPostmasterFile(home);
  if (file && findProcesses(home).ofServer.includes(file.pid)) {
    if (file.status === 'ready' && (await isFit(file))) return { pid: file.pid, port: file.port };
    await stopServer(home, file.pid);
  }
  if (findProcesses(home).ofServer.length > 0) await killAll(home, 'ofServer');
  rmSync(join(home, 'pg', 'postmaster.pid'), { force: true });
  return undefined;
}
