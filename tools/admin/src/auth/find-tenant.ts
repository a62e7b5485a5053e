import { AppError } from '@universal-api/errors';
import { defaultTenantId, fromPublicId, systemTenantId, toPublicId } from '@universal-api/ids';
import { isCredentialPool, isPlan } from '@universal-api/principal';
import type { MessageShape } from '@universal-api/protos';
import { PlatformService, TenantService, type TenantSchema } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { readPages } from './read-pages.ts';
import type { ActingTenant, AuthLine } from './open-auth-line.ts';

type Tenant = MessageShape<typeof TenantSchema>;

const reserved: Readonly<Record<string, string>> = { default: defaultTenantId, sys: systemTenantId };
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The tenant that somebody names: by `ten_…`, its UUID, its short name, `default` or `sys`. Errors: `not_found`. */
export async function findTenant(line: AuthLine, name = 'default'): Promise<ActingTenant> {
  const known = reserved[name] ?? fromPublicId('tenant', name) ?? (uuid.test(name) ? name : undefined);
  return toActing(known === undefined ? await findBySlug(line, name) : await readById(line, known), name);
}

/** The same, as `ten_…` for a request that names it. */
export async function findTenantId(line: AuthLine, name: string): Promise<string> {
  if (fromPublicId('tenant', name) !== undefined) return name;
  const { tenantId } = await findTenant(line, name);
  return toPublicId('tenant', tenantId);
}

/** Every tenant, newest first. */
export function listTenants(line: AuthLine): Promise<Tenant[]> {
  return readPages(async (page) => {
    const { tenants, nextPageToken } = await line.to(PlatformService).listTenants(page, {});
    return { rows: tenants, nextPageToken };
  });
}

function readById(line: AuthLine, tenantId: string): Promise<Tenant> {
  return line.to(TenantService).getTenant({}, { tenant: { tenantId, plan: 'free', pool: 'local' } });
}

async function findBySlug(line: AuthLine, slug: string): Promise<Tenant | undefined> {
  return (await listTenants(line)).find((tenant) => tenant.slug === slug);
}

function toActing(tenant: Tenant | undefined, name: string): ActingTenant {
  const tenantId = tenant && fromPublicId('tenant', tenant.id);
  if (!tenant || tenantId === undefined) throw new AppError('not_found', { detail: `There is no tenant ${name}.` });
  const { plan, credentialPool: pool } = tenant;
  if (!isPlan(plan) || !isCredentialPool(pool))
    throw new AppError('internal', {
      detail: `The tenant has plan ${plan} and pool ${pool}, which this version does not know.`,
    });
  return { tenantId, plan, pool };
}
