import { silentLogger } from '@universal-api/logging';
import { describeWithBrokers, randomPrefix } from '@universal-api/testing/brokers';
import { createBullmqJobQueue, createRedisJobBackend } from './index.ts';
import { jobQueueContract } from './job-queue.contract.ts';

describeWithBrokers('Redis', ({ redisUrl }) => {
  const prefix = randomPrefix();
  jobQueueContract('BullMQ on Redis', () => ({
    createQueue: ({ drainMs = 5_000, ...options }) =>
      createBullmqJobQueue({
        ...options,
        drainMs,
        backend: createRedisJobBackend({ url: redisUrl, prefix, log: silentLogger }),
      }),
  }));
});
