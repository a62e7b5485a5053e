import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CredentialPool, Plan, RandomBytes } from '@universal-api/principal';
import type { AuthTables } from '../store/auth-tables.ts';
import { actAsTenant } from './tenant-rows.ts';

/** A tenant to be made. */
export interface NewTenant {
  /** The person who owns it (UUID); absent: it has no member yet. */
  readonly userId?: string;
  readonly name: string;
  /** Absent: made of the name. */
  readonly slug?: string;
  readonly plan: Plan;
  readonly pool: CredentialPool;
}

/** What making one works with. */
export interface CreateTenantParts {
  /** Makes a UUIDv7. */
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
}

const slugStem = 40;

/**
 * Makes the function that stores a tenant, and its first owner, in a transaction of role `auth_app` that acts for this
 * tenant from then on. It writes no audit entry: whoever calls it says what it was for.
 * Errors: `already_exists` for a slug that is taken (the transaction has failed then).
 */
export function createTenants({ newId, randomBytes }: CreateTenantParts) {
  return async function createTenantFor(
    tx: Transaction<AuthTables>,
    { userId, name, slug, plan, pool }: NewTenant,
  ): Promise<{ tenantId: string }> {
    const tenantId = newId();
    await actAsTenant(tx, tenantId);
    const suffix = Buffer.from(randomBytes(4)).toString('hex');
    const { rows } = await sql`
      INSERT INTO tenants (tenant_id, slug, name, plan, credential_pool)
      VALUES (${tenantId}, ${slug ?? `${stemOf(name)}-${suffix}`}, ${name}, ${plan}, ${pool})
      ON CONFLICT (slug) DO NOTHING RETURNING tenant_id`.execute(tx);
    if (rows.length === 0)
      throw new AppError('already_exists', { detail: 'A tenant with this slug is there already.' });
    if (userId !== undefined) {
      await sql`
        INSERT INTO memberships (tenant_id, user_id, role) VALUES (${tenantId}, ${userId}, 'owner')`.execute(tx);
    }
    return { tenantId };
  };
}

/** What of a name can stand in a slug; `t` where nothing can. */
export function stemOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const stem = plain
    .replace(/^[^a-z]+/, '')
    .slice(0, slugStem)
    .replace(/-+$/, '');
  return stem === '' ? 't' : stem;
}
