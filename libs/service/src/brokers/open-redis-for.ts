import { checkEvictionPolicy, isRedisFailure, openRedis, type Redis } from '@universal-api/redis';
import type { Host } from '../host.ts';
import type { OwnedParts } from '../owned-parts.ts';
import type { Readiness } from '../readiness.ts';
import type { RedisAccess } from './broker-variables.ts';

/** What a connection is made with. */
export interface RedisConnection {
  /** What it is for, such as `limits`. */
  readonly name: string;
  readonly host: Pick<Host, 'log'>;
  readonly owned: OwnedParts;
  readonly readiness: Pick<Readiness, 'add'>;
}

const connectMs = 1_000;

/**
 * Opens a connection of its own for one use and refuses a server that evicts keys, which would throw away jobs. One that is out
 * of reach does not stop the start, since its users do without it; should it turn out unfit when it comes, the app is not ready.
 * Errors: `service_unavailable` with a sentence that names the setting.
 */
export async function openRedisFor(access: RedisAccess, connection: RedisConnection): Promise<Redis> {
  const { name, host, owned, readiness } = connection;
  const { url, timeoutMs } = access;
  const redis = owned.own(`redis ${name}`, openRedis({ url, name, log: host.log, timeoutMs }));
  const checkFitness = async () => {
    try {
      await checkEvictionPolicy(redis);
    } catch (error) {
      // Out of reach: who uses it notices by itself and says so.
      if (!isRedisFailure(error)) throw error;
    }
  };
  await redis.connected(connectMs);
  try {
    await checkFitness();
  } catch (error) {
    // The start ends here, and nobody else would close what the app has opened so far.
    await owned.closeAll();
    throw error;
  }
  readiness.add({ name: `redis ${name}`, check: checkFitness });
  return redis;
}
