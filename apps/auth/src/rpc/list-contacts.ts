import { sql, type Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { MessageInitShape } from '@universal-api/protos';
import type { ListContactsRequest, ListContactsResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { isRole, roles } from '../access/role-rank.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** Addresses at most: what is for more people than this is no message for people. */
const maxContacts = 100;

/**
 * Proved addresses of the active members of a tenant with exactly this role, oldest member first, 100 at most. None for a
 * tenant that there is not. Errors: `invalid_request` for a word that is no role.
 */
export function listContacts({ database }: { readonly database: Database<AuthTables> }) {
  return async ({
    tenantId = '',
    role = '',
  }: ListContactsRequest): Promise<MessageInitShape<typeof ListContactsResponseSchema>> => {
    if (!isRole(role))
      throw new AppError('invalid_request', { errors: [{ field: 'role', rule: `one of ${roles.join(', ')}` }] });
    const { rows } = await database.transaction(tenantId, (tx) =>
      sql<{ email: string }>`
        SELECT u.email FROM memberships m JOIN users u ON u.user_id = m.user_id
        WHERE m.tenant_id = ${tenantId} AND m.role = ${role} AND u.status = 'active' AND u.email_verified_at IS NOT NULL
        ORDER BY m.joined_at, m.user_id LIMIT ${maxContacts}`.execute(tx),
    );
    return { emails: rows.map(({ email }) => email) };
  };
}
