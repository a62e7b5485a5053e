import { sql } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { GetTenantRequest, UpdateTenantRequest } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import { readMask } from '../access/read-mask.ts';
import type { ChangeParts } from '../keys/key-parts.ts';
import { readTenant, toTenantMessage, type TenantMessage } from './tenant-rows.ts';

/** The caller's tenant. */
export function getTenant({ database }: Pick<ChangeParts, 'database'>) {
  return (_request: GetTenantRequest, { principal }: CallContext): Promise<TenantMessage> =>
    database.transaction(principal.tid, async (tx) => toTenantMessage(await readTenant(tx, principal.tid)));
}

/** Changes what the caller's tenant is called; plan and pool are an operator's affair. Errors: `invalid_request`. */
export function updateTenant({ database, recordAudit }: Pick<ChangeParts, 'database' | 'recordAudit'>) {
  return async (request: UpdateTenantRequest, context: CallContext): Promise<TenantMessage> => {
    readMask(request, ['name'], { name: 'name' });
    const { tid } = context.principal;
    return database.transaction(tid, async (tx) => {
      await sql`UPDATE tenants SET name = ${request.name} WHERE tenant_id = ${tid}`.execute(tx);
      const row = await readTenant(tx, tid);
      const object = toPublicId('tenant', tid);
      const diff = { name: row.name };
      await recordAudit(tx, { ...auditBy(context), action: 'tenant.changed', object, outcome: 'ok', diff });
      return toTenantMessage(row);
    });
  };
}
