import { request } from 'node:http';

/**
 * Whether a Docker engine answers on its socket (`DOCKER_HOST` of the form `unix://…`, else `/var/run/docker.sock`) within
 * a second. One that is reached over TCP is not looked for.
 */
export async function dockerAnswers(host: string | undefined = process.env['DOCKER_HOST']): Promise<boolean> {
  const socketPath = host?.startsWith('unix://') ? host.slice('unix://'.length) : '/var/run/docker.sock';
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 1_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false));
    ping.once('close', () => resolve(false));
    ping.end();
  });
}
