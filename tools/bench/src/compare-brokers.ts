import { migrate } from '@universal-api/database';
import { eventsMigrations, grantEventRights } from '@universal-api/events';
import { startInfra } from '@universal-api/infra';
import { compareQueues } from './queue-bench.ts';
import { benchRedisOutage } from './redis-outage-bench.ts';
import { compareRelay } from './relay-bench.ts';

/**
 * What needs Kafka and Redis, on servers of its own: the relay, the job queue on both stores, and rate decisions over an outage.
 * Prints whether the targets are met; false too where the servers cannot be had, since what was not run is not met.
 */
export async function compareBrokers(): Promise<boolean> {
  let infra;
  try {
    infra = await startInfra();
  } catch (error) {
    console.log(`\nnot run, for want of servers: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  const { databaseUrl = '', redisUrl, kafkaBrokers = [] } = infra;
  try {
    await migrate(databaseUrl, [eventsMigrations]);
    await grantEventRights(databaseUrl, { consumers: ['search'] });
    const isRelayMet = await compareRelay({ databaseUrl, kafkaBrokers });
    await compareQueues({ databaseUrl, redisUrl });
    return (await benchRedisOutage()) && isRelayMet;
  } finally {
    await infra.stop();
  }
}
