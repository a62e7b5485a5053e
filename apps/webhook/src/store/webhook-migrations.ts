import type { MigrationSet } from '@universal-api/database';

/** Schema `webhook` and the folder of its migrations, for whoever migrates or checks it. */
export const webhookMigrations: MigrationSet = {
  schema: 'webhook',
  migrations: new URL('../../migrations/', import.meta.url),
};
