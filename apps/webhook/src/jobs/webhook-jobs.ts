import { createJobCatalogue, type JobDefinition } from '@universal-api/queue';

/** The jobs of the webhook service; none yet. */
export const webhookJobs: readonly JobDefinition[] = createJobCatalogue([]);
