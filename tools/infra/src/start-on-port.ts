import { freePort } from './process/free-port.ts';
import { leaveFolder, type ServerFolder } from './process/server-folder.ts';
import { PortTaken } from './server.ts';

const attempts = 5;

/**
 * Starts a server in its folder on the wanted port, or on a free one that is chosen again when another program was faster.
 * Errors: `PortTaken` for a wanted port that is in use; a folder that was made for this start goes with it.
 */
export async function startOnPort<S>(
  folder: ServerFolder,
  wanted: number | undefined,
  start: (port: number) => Promise<S>,
): Promise<S> {
  const isFixed = wanted !== undefined && wanted !== 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(isFixed ? wanted : await freePort());
    } catch (error) {
      if (!isFixed && error instanceof PortTaken && attempt < attempts) continue;
      leaveFolder(folder);
      throw error;
    }
  }
}
