/** The migrations of schema `providers`, as `migrate` of libs/database takes them. */
export const providersMigrations = {
  schema: 'providers',
  migrations: new URL('../migrations', import.meta.url),
} as const;
