import type { JobQueue } from '@universal-api/queue';
import type { Dependency } from './dependency.ts';

/** From here on a ring that waits says that nobody works it off, ms. */
const lateMs = 60_000;

/** The queue of jobs by the age of what waits longest. Work stays due in its tables while the store is away. */
export function queueDependency(queue: Pick<JobQueue, 'check' | 'describe'>): Dependency {
  return {
    name: 'queue',
    without: 'degraded',
    async probe() {
      await queue.check();
      const { queues } = await queue.describe();
      if (queues.some(({ oldestMs }) => oldestMs === undefined))
        return { status: 'degraded', detailCode: 'unreachable' };
      const isLate = queues.some(({ oldestMs = 0 }) => oldestMs > lateMs);
      return isLate ? { status: 'degraded', detailCode: 'behind' } : undefined;
    },
  };
}
