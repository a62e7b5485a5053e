import type { Database } from '@universal-api/database';
import { measureLag } from '@universal-api/events/log';
import type { Dependency } from './dependency.ts';

/** From here on a group that reads the log is said to be behind (webhooks.md 18), ms. */
const lateMs = 60_000;

/** The log of events by how far its readers are behind; the relay to Kafka is one of them. */
export function eventLogDependency(database: Pick<Database<unknown>, 'instance'>): Dependency {
  return {
    name: 'event_log',
    without: 'unhealthy',
    async probe() {
      const lags = await database.instance((tx) => measureLag(tx));
      return lags.some(({ lagMs }) => lagMs > lateMs) ? { status: 'degraded', detailCode: 'behind' } : undefined;
    },
  };
}
