import type { MigrationSet } from '@universal-api/database';

/** Schema `assistant` and the folder of its migrations, for whoever migrates or checks it. */
export const assistantMigrations: MigrationSet = {
  schema: 'assistant',
  migrations: new URL('../../migrations/', import.meta.url),
};
