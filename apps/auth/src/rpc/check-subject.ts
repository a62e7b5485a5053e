import { sql, type Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { intersectScopes, platformScopes, roleScopes, type Role } from '@universal-api/principal';
import type { MessageInitShape } from '@universal-api/protos';
import type { CheckSubjectRequest, CheckSubjectResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { effectiveScopes, isUsable, type KeyStanding } from '../key-rights.ts';
import type { AuthTables } from '../store/auth-tables.ts';

type Answer = MessageInitShape<typeof CheckSubjectResponseSchema>;

interface TenantStanding {
  readonly status: string;
  readonly plan: string;
  readonly credential_pool: string;
}

const inactive: Answer = { active: false };

/**
 * Whether whoever began a stored piece of work may still do it, and with which scopes (platform.md 1.8). A key is named by
 * itself or by its lineage: of a lineage the newest key that works counts. Both given: both have to stand, and the scopes
 * are those that both hold.
 * Errors: `invalid_request` when neither is named.
 */
export function checkSubject({ database }: { readonly database: Database<AuthTables> }) {
  return async ({ tenantId = '', userId, keyId }: CheckSubjectRequest): Promise<Answer> => {
    if (!userId && !keyId)
      throw new AppError('invalid_request', { errors: [{ field: 'user_id', rule: 'or key_id is required' }] });
    return database.transaction(tenantId, async (tx) => {
      const { rows: tenants } = await sql<TenantStanding>`
        SELECT status, plan, credential_pool FROM tenants WHERE tenant_id = ${tenantId}`.execute(tx);
      const [tenant] = tenants;
      if (tenant?.status !== 'active') return inactive;
      const ofUser = userId ? await scopesOfUser(tx, tenantId, userId) : undefined;
      const ofKey = keyId ? await scopesOfKey(tx, tenantId, keyId) : undefined;
      if ((userId && ofUser === undefined) || (keyId && ofKey === undefined)) return inactive;
      const scopes = ofUser && ofKey ? intersectScopes(ofKey, ofUser) : [...(ofUser ?? ofKey ?? [])];
      return { active: true, scopes, plan: tenant.plan, credentialPool: tenant.credential_pool };
    });
  };
}

type Tx = Parameters<Parameters<Database<AuthTables>['transaction']>[1]>[0];

async function scopesOfUser(tx: Tx, tenantId: string, userId: string): Promise<string[] | undefined> {
  const { rows } = await sql<{ role: Role; operator: boolean }>`
    SELECT m.role, u.operator FROM memberships m JOIN users u ON u.user_id = m.user_id
    WHERE m.tenant_id = ${tenantId} AND m.user_id::text = ${userId} AND u.status = 'active'`.execute(tx);
  const [found] = rows;
  return found && [...roleScopes[found.role], ...(found.operator ? platformScopes : [])];
}

async function scopesOfKey(tx: Tx, tenantId: string, keyId: string): Promise<string[] | undefined> {
  const { rows } = await sql<KeyStanding>`
    SELECT k.tenant_id, t.status AS tenant_status, k.owner, u.status AS owner_status, m.role AS owner_role,
           coalesce(u.operator, false) AS owner_operator, k.state, k.expires_at, k.overlap_until, k.scopes,
           now() AS read_at
    FROM api_keys k JOIN tenants t ON t.tenant_id = k.tenant_id
    LEFT JOIN users u ON u.user_id = k.owner
    LEFT JOIN memberships m ON m.tenant_id = k.tenant_id AND m.user_id = k.owner
    WHERE k.tenant_id = ${tenantId} AND ${keyId} IN (k.key_id::text, k.lineage_id::text)
    ORDER BY k.key_id DESC`.execute(tx);
  const usable = rows.find(isUsable);
  return usable && effectiveScopes(usable);
}
