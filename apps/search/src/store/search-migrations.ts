import type { MigrationSet } from '@universal-api/database';

/** Schema `search` and the folder of its migrations, for whoever migrates or checks it. */
export const searchMigrations: MigrationSet = {
  schema: 'search',
  migrations: new URL('../../migrations/', import.meta.url),
};
