import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { toPublicId } from '@universal-api/ids';
import type { CredentialPool, Plan } from '@universal-api/principal';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { TenantSchema } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import type { AuthTables } from '../store/auth-tables.ts';

/** A tenant. */
export interface TenantRow {
  readonly tenant_id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: 'active' | 'suspended' | 'erasing';
  readonly plan: Plan;
  readonly credential_pool: CredentialPool;
  readonly created_at: Date;
}

/** A tenant as the API shows it. */
export type TenantMessage = MessageInitShape<typeof TenantSchema>;

/** A tenant by its UUID. Errors: `not_found`, also for one that this transaction does not see. */
export async function readTenant(tx: Transaction<AuthTables>, tenantId: string): Promise<TenantRow> {
  const { rows } = await sql<TenantRow>`
    SELECT tenant_id, slug, name, status, plan, credential_pool, created_at FROM tenants
    WHERE tenant_id = ${tenantId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new AppError('not_found');
  return row;
}

/** The message of a tenant. */
export function toTenantMessage(row: TenantRow): TenantMessage {
  return {
    id: toPublicId('tenant', row.tenant_id),
    slug: row.slug,
    name: row.name,
    status: row.status,
    plan: row.plan,
    credentialPool: row.credential_pool,
    createdAt: timestampFromDate(row.created_at),
  };
}

/** From here on the transaction sees and writes rows of this tenant (a UUID) alone. */
export async function actAsTenant(tx: Transaction<AuthTables>, tenantId: string): Promise<void> {
  await sql`SELECT set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
}
