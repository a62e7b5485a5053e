export { createBullmqJobQueue, type JobQueueParts } from './bullmq-job-queue.ts';
export type { JobBackend } from './bullmq/job-backend.ts';
export { jobMigrations, migrateJobs } from './bullmq/migrate-jobs.ts';
export { createPostgresJobBackend, openJobPool, type JobPoolOptions } from './bullmq/postgres-backend.ts';
export { createRedisJobBackend, type RedisJobOptions } from './bullmq/redis-backend.ts';
export { checkWorkers } from './check-workers.ts';
export { claimDue, holdTick, type Claim, type DueRow, type DueTable } from './claim-due.ts';
export {
  createJobCatalogue,
  defineJob,
  defineQueue,
  queuesOf,
  type JobData,
  type JobDeclaration,
  type JobDefinition,
  type QueueDefinition,
} from './job-catalogue.ts';
export { createJobMetrics } from './job-metrics.ts';
export type { JobQueue, RunContext, RunJob } from './job-queue.ts';
export type { FailedRun, JobsDescription, QueueDescription } from './job-record.ts';
export { classOf, type FailureClass, type JobReport } from './job-report.ts';
export {
  startTicker,
  systemClock,
  type TickClock,
  type Ticker,
  type TickerParts,
  type TickReport,
  type TickTask,
} from './schedule.ts';
