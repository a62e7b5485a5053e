import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { defaultTenantId, fromPublicId, systemTenantId, toPublicId } from '@universal-api/ids';
import { credentialPools, isCredentialPool, isPlan, plans } from '@universal-api/principal';
import type {
  ChangeTenantRequest,
  CreateTenantRequest,
  ResumeTenantRequest,
  SuspendTenantRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import { readMask } from '../access/read-mask.ts';
import { lockTenant } from '../access/standing.ts';
import type { ChangeParts } from '../keys/key-parts.ts';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { createTenants } from '../tenants/create-tenant.ts';
import {
  actAsTenant,
  readTenant,
  toTenantMessage,
  type TenantMessage,
  type TenantRow,
} from '../tenants/tenant-rows.ts';

/** What changing tenants works with. */
export type PlatformParts = Pick<ChangeParts, 'database' | 'recordAudit' | 'newId' | 'randomBytes'>;

/**
 * Makes a tenant without members, in a transaction of role `auth_app` that acts for the operator's own before and after; people
 * come by invitation, or it is used by keys alone.
 * Errors: `already_exists` for a slug that is taken.
 */
export async function makeTenant(
  parts: PlatformParts,
  tx: Transaction<AuthTables>,
  request: CreateTenantRequest,
  context: CallContext,
): Promise<TenantMessage> {
  const { plan = 'free', credentialPool: pool = 'local' } = request;
  if (!isPlan(plan) || !isCredentialPool(pool)) throw new AppError('invalid_request');
  const slug = request.slug === undefined ? {} : { slug: request.slug };
  const { tenantId } = await createTenants(parts)(tx, { name: request.name ?? '', plan, pool, ...slug });
  const row = await readTenant(tx, tenantId);
  await record(parts, tx, context, { row, action: 'platform.tenant.created', diff: { plan, credential_pool: pool } });
  await actAsTenant(tx, context.principal.tid);
  return toTenantMessage(row);
}

const fields = ['name', 'plan', 'credential_pool'] as const;

/**
 * Changes name, plan or pool of a tenant. What its tokens say of plan and pool ends where it became less.
 * Errors: `not_found`, `invalid_request`.
 */
export function changeTenant(parts: PlatformParts) {
  return async (request: ChangeTenantRequest, context: CallContext): Promise<TenantMessage> => {
    const mask = readMask(request, fields, { name: 'name', plan: 'plan', credential_pool: 'credentialPool' });
    return changeOne(parts, request.tenantId, async (tx, before) => {
      const { name, plan, credentialPool } = request;
      const values = { name, plan, credential_pool: credentialPool };
      const changes = sql.join([...mask].map((field) => sql`${sql.ref(field)} = ${values[field]}`));
      await sql`UPDATE tenants SET ${changes} WHERE tenant_id = ${before.tenant_id}`.execute(tx);
      const row = await readTenant(tx, before.tenant_id);
      if (isLess(row, before)) await appendRevocation(tx, { kind: 'tenant', id: row.tenant_id });
      const diff = Object.fromEntries([...mask].map((field) => [field, row[field]]));
      await record(parts, tx, context, { row, action: 'platform.tenant.changed', diff });
      return row;
    });
  };
}

/**
 * Nothing of a tenant works from then on. Errors: `not_found`; `conflict` for a reserved tenant, which the installation itself
 * works with, and for one that is being erased.
 */
export function suspendTenant(parts: PlatformParts) {
  return (request: SuspendTenantRequest, context: CallContext): Promise<TenantMessage> =>
    changeOne(parts, request.tenantId, async (tx, before) => {
      if (before.tenant_id === systemTenantId || before.tenant_id === defaultTenantId)
        throw new AppError('conflict', { detail: 'The installation itself works with this tenant.' });
      const row = await changeStatus(tx, before, 'suspended');
      if (row === before) return row;
      await appendRevocation(tx, { kind: 'tenant', id: row.tenant_id });
      const reason = request.reason ?? '';
      await record(parts, tx, context, { row, action: 'platform.tenant.suspended', reason });
      return row;
    });
}

/** A suspended tenant works again. Errors: `not_found`; `conflict` for one that is being erased. */
export function resumeTenant(parts: PlatformParts) {
  return (request: ResumeTenantRequest, context: CallContext): Promise<TenantMessage> =>
    changeOne(parts, request.tenantId, async (tx, before) => {
      const row = await changeStatus(tx, before, 'active');
      if (row !== before) await record(parts, tx, context, { row, action: 'platform.tenant.resumed' });
      return row;
    });
}

/** An operator's change acts for the tenant that is changed, never for the operator's own. */
async function changeOne(
  { database }: PlatformParts,
  publicId: string | undefined,
  change: (tx: Transaction<AuthTables>, before: TenantRow) => Promise<TenantRow>,
): Promise<TenantMessage> {
  const tenantId = fromPublicId('tenant', publicId ?? '');
  if (tenantId === undefined) throw new AppError('not_found');
  return database.transaction(tenantId, async (tx) => {
    await lockTenant(tx, tenantId);
    return toTenantMessage(await change(tx, await readTenant(tx, tenantId)));
  });
}

async function changeStatus(
  tx: Transaction<AuthTables>,
  before: TenantRow,
  status: 'active' | 'suspended',
): Promise<TenantRow> {
  if (before.status === status) return before;
  if (before.status === 'erasing') throw new AppError('conflict', { detail: 'This tenant is being erased.' });
  await sql`UPDATE tenants SET status = ${status} WHERE tenant_id = ${before.tenant_id}`.execute(tx);
  return { ...before, status };
}

function isLess(now: TenantRow, before: TenantRow): boolean {
  const isLower = <Word>(words: readonly Word[], one: Word, other: Word) => words.indexOf(one) < words.indexOf(other);
  return isLower(plans, now.plan, before.plan) || isLower(credentialPools, now.credential_pool, before.credential_pool);
}

/** An operator acts in both chains: that of the tenant, then the platform's (platform.md 1.2). */
async function record(
  { recordAudit }: PlatformParts,
  tx: Transaction<AuthTables>,
  context: CallContext,
  entry: {
    readonly row: TenantRow;
    readonly action: string;
    readonly reason?: string;
    readonly diff?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { row, ...said } = entry;
  const by = auditBy(context);
  const object = toPublicId('tenant', row.tenant_id);
  for (const tenantId of new Set([row.tenant_id, systemTenantId]))
    await recordAudit(tx, { ...by, tenantId, ...said, object, outcome: 'ok' });
}
