import type { MigrationSet } from '@universal-api/database';

/** Schema `analytics` and the folder of its migrations, for whoever migrates or checks it. */
export const analyticsMigrations: MigrationSet = {
  schema: 'analytics',
  migrations: new URL('../../migrations/', import.meta.url),
};
