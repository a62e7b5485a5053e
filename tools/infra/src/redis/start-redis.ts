import { join } from 'node:path';
import { openFolder } from '../process/server-folder.ts';
import { type Server, startServer } from '../server.ts';
import { startOnPort } from '../start-on-port.ts';
import { askRedis } from './ask-redis.ts';
import { findRedis } from './find-redis.ts';

/** How a Redis is started. */
export interface RedisOptions {
  /** Where its data is kept; absent: a folder of its own, removed by `stop`. */
  readonly folder?: string;
  /** On 127.0.0.1; absent or 0: a free one. */
  readonly port?: number;
  /** In Redis's own spelling; `256mb` unless told. */
  readonly maxmemory?: string;
  /** What happens when it is full; `noeviction` unless told, as the product asks. */
  readonly maxmemoryPolicy?: string;
}

/** A Redis of one's own. */
export interface RedisServer extends Server {
  /** Its `REDIS_URL`. */
  readonly url: string;
  /** What it was started with. */
  readonly maxmemory: string;
}

/**
 * Starts a Redis with an append-only file: what was written more than a second before a kill is there after `restart`.
 * Errors: one sentence when Redis cannot be had, the port is taken, or a server already runs on the folder.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = await findRedis();
  const folder = openFolder('redis', options.folder);
  const { maxmemory = '256mb', maxmemoryPolicy = 'noeviction' } = options;
  return startOnPort(folder, options.port, async (port) => {
    const settings = [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path],
      ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      ...['--maxmemory', maxmemory, '--maxmemory-policy', maxmemoryPolicy],
    ];
    const [command, ...words] = program.libraries
      ? ['/usr/bin/env', `LD_LIBRARY_PATH=${program.libraries}`, program.command, ...settings]
      : [program.command, ...settings];
    const server = await startServer({
      ...{ name: 'Redis', folder, port, command, words },
      logFile: join(folder.path, 'redis.log'),
      isReady: async (printed) => printed.includes('Ready to accept connections') && (await isAnswering(port)),
      readyMs: 20_000,
      stopMs: 10_000,
    });
    return Object.assign(server, { url: `redis://127.0.0.1:${port}`, maxmemory });
  });
}

async function isAnswering(port: number): Promise<boolean> {
  try {
    return (await askRedis(port, 'PING')) === '+PONG';
  } catch {
    // Not yet listening, or still reading its file.
    return false;
  }
}
