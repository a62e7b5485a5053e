import type { MigrationSet } from '@universal-api/database';

/** Schema `video` and the folder of its migrations, for whoever migrates or checks it. */
export const videoMigrations: MigrationSet = {
  schema: 'video',
  migrations: new URL('../../migrations/', import.meta.url),
};
