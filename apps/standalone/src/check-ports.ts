import { AppError } from '@universal-api/errors';
import { createServer } from 'node:net';

/** A port that the process is going to listen on, and the variable that moves it. */
export interface WantedPort {
  readonly host: string;
  readonly port: number;
  readonly variable: string;
}

/** Refuses in one sentence, before anything is opened, when one of the ports is taken. Port 0 is always free. */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const { host, port, variable } of wanted) {
    const code = port === 0 ? undefined : await tryPort(host, port);
    if (code === 'EADDRINUSE') {
      throw new AppError('conflict', {
        internal: `Port ${port} on ${host} is in use by another program; stop it, or set ${variable} to another one.`,
      });
    }
    if (code !== undefined) {
      throw new AppError('internal', {
        internal: `Port ${port} on ${host} cannot be used (${code}); set ${variable}.`,
      });
    }
  }
}

function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}
