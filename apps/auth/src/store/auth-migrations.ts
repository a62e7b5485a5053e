import type { MigrationSet } from '@universal-api/database';

/** Schema `auth` and the folder of its migrations, for whoever migrates or checks it. */
export const authMigrations: MigrationSet = {
  schema: 'auth',
  migrations: new URL('../../migrations/', import.meta.url),
};
