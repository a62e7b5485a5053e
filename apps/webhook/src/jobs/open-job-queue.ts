import { createBullmqJobQueue, createJobMetrics, type JobBackend, type JobQueue } from '@universal-api/queue';
import type { Host, OwnedParts } from '@universal-api/service';
import { webhookJobs } from './webhook-jobs.ts';

/** What the queue needs. */
export interface JobQueueParts {
  readonly backend: JobBackend;
  readonly drainMs: number;
  readonly host: Host;
  readonly owned: OwnedParts;
}

/** Opens the queue of this service's jobs. A store that is away is waited for; one that must not be used ends the start. */
export async function openJobQueue({ backend, drainMs, host, owned }: JobQueueParts): Promise<JobQueue> {
  const queue = createBullmqJobQueue({
    backend,
    jobs: webhookJobs,
    drainMs,
    report: createJobMetrics(host.metrics),
    now: host.now,
  });
  owned.own('jobs', queue);
  try {
    await queue.start();
  } catch (error) {
    // The start ends here, and nobody else would close what the app has opened so far.
    await owned.closeAll();
    throw error;
  }
  return queue;
}
