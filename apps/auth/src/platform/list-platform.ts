import { sql, type Database, type PageTokens } from '@universal-api/database';
import { systemTenantId, toPublicId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type {
  ListTenantsRequest,
  ListTenantsResponseSchema,
  ListUsersRequest,
  ListUsersResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { cutPage, readPage } from '../access/read-page.ts';
import { foldEmail } from '../accounts/people/email-address.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { toTenantMessage, type TenantRow } from '../tenants/tenant-rows.ts';

/** What lists over all tenants work with. */
export interface ListPlatformParts {
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  readonly pages: PageTokens;
}

/** All tenants, newest first. Errors: `page_token_invalid`. */
export function listTenants({ worker, pages }: ListPlatformParts) {
  return async (request: ListTenantsRequest): Promise<MessageInitShape<typeof ListTenantsResponseSchema>> => {
    const asked = readPage(pages, request, { list: 'platform.list_tenants', tenantId: systemTenantId });
    const [after] = asked.after ?? [];
    const older = after === undefined ? sql`` : sql`WHERE tenant_id < ${after}::uuid`;
    const { rows } = await worker.instance((tx) =>
      sql<TenantRow>`
        SELECT tenant_id, slug, name, status, plan, credential_pool, created_at FROM tenants ${older}
        ORDER BY tenant_id DESC LIMIT ${asked.size + 1}`.execute(tx),
    );
    const page = cutPage(pages, asked, rows, (row) => [row.tenant_id]);
    return { tenants: page.rows.map(toTenantMessage), nextPageToken: page.nextPageToken };
  };
}

interface UserRow {
  readonly user_id: string;
  readonly email: string;
  readonly username: string;
  readonly status: string;
  readonly operator: boolean;
  readonly verified: boolean;
  readonly created_at: Date;
}

/** All people, newest first, or the one of an address. Errors: `page_token_invalid`. */
export function listUsers({ worker, pages }: ListPlatformParts) {
  return async (request: ListUsersRequest): Promise<MessageInitShape<typeof ListUsersResponseSchema>> => {
    const email = request.email === undefined ? undefined : foldEmail(request.email);
    const asked = readPage(pages, request, {
      list: 'platform.list_users',
      tenantId: systemTenantId,
      filter: { email },
    });
    const [after] = asked.after ?? [];
    const older = after === undefined ? sql`` : sql`AND user_id < ${after}::uuid`;
    const ofAddress = email === undefined ? sql`` : sql`AND email = ${email}`;
    const { rows } = await worker.instance((tx) =>
      sql<UserRow>`
        SELECT user_id, email, username, status, operator, email_verified_at IS NOT NULL AS verified, created_at
        FROM users WHERE true ${older} ${ofAddress} ORDER BY user_id DESC LIMIT ${asked.size + 1}`.execute(tx),
    );
    const page = cutPage(pages, asked, rows, (row) => [row.user_id]);
    return { users: page.rows.map(toUserMessage), nextPageToken: page.nextPageToken };
  };
}

function toUserMessage(row: UserRow) {
  return {
    id: toPublicId('user', row.user_id),
    email: row.email,
    username: row.username,
    status: row.status,
    isOperator: row.operator,
    emailVerified: row.verified,
    createdAt: timestampFromDate(row.created_at),
  };
}
