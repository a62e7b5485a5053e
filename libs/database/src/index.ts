export { connectionBudget, countConnections, embeddedMaxConnections, poolSizes } from './connection-budget.ts';
export { findEmbeddedPort } from './embedded/find-embedded-port.ts';
export {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded/start-embedded-postgres.ts';
export {
  createIdempotency,
  type IdempotencyParts,
  type IdempotentCall,
  type IdempotentContext,
  type WithIdempotency,
} from './idempotency/with-idempotency.ts';
export { type Listener, listen, type ListenOptions } from './listen.ts';
export { checkSchema, pendingMigrations } from './migrations/check-schema.ts';
export type { MigrationSet } from './migrations/load-migrations.ts';
export { migrate } from './migrations/migrate.ts';
export { actAsUser, type Database, type DatabaseOptions, openDatabase } from './open-database.ts';
export { openSharedPool, type SharedPool } from './open-shared-pool.ts';
export { createPageTokens, type Keyset, type PageQuery, type PageTokens } from './page-token/page-token.ts';
export { ensureRoles } from './roles/ensure-roles.ts';
export { grantRole, type RoleGrant } from './roles/grant-role.ts';
export { type PreparedLogin, prepareDatabase } from './roles/prepare-database.ts';
export { type RoleKind, roleKinds, roleOf } from './roles/service-roles.ts';
export { type AdminClient, inTransaction, withClient } from './with-client.ts';

// Stores build their queries with these; nobody else imports the packages behind them.
export {
  type ColumnType,
  type Generated,
  type GeneratedAlways,
  type Insertable,
  type Kysely,
  type RawBuilder,
  type Selectable,
  sql,
  type SqlBool,
  type Transaction,
  type Updateable,
} from 'kysely';
