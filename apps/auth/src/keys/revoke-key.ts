import { sql, type Transaction } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { MessageInitShape } from '@universal-api/protos';
import type {
  DeleteKeyRequest,
  DeleteKeyResponseSchema,
  RevokeKeyRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { auditBy } from '../access/audit-by.ts';
import { lockStanding, type Standing } from '../access/standing.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { endKeys } from './end-keys.ts';
import { toKeyMessage, type KeyMessage } from './key-message.ts';
import type { KeyParts } from './key-parts.ts';
import { readKey, type KeyRow } from './key-rows.ts';

/** What ending a key works with; nobody has to prove anything for it: it has to be quick. */
export type EndKeyParts = Pick<KeyParts, 'database' | 'recordAudit'>;

/**
 * Ends a key for good, and the invitations that it made: everybody refuses it within five seconds. One that was revoked
 * before stays so, and nothing is written. Errors: `not_found`.
 */
export function revokeKey(
  parts: EndKeyParts,
): (request: RevokeKeyRequest, context: CallContext) => Promise<KeyMessage> {
  return ({ keyId, reason }, context) =>
    parts.database.transaction(context.principal.tid, async (tx) => {
      const { standing, key } = await findKey(tx, keyId, context);
      if (key.state === 'revoked') return toKeyMessage(key);
      await end(tx, standing.tenantId, key);
      const row = await readKey(tx, standing, keyId);
      const why = reason === undefined ? {} : { reason };
      await record(parts, tx, context, { action: 'auth.key.revoked', key, ...why });
      return toKeyMessage(row);
    });
}

/** Ends a key and takes it from the list; its row stays for the audit log. Errors: `not_found`. */
export function deleteKey(
  parts: EndKeyParts,
): (request: DeleteKeyRequest, context: CallContext) => Promise<MessageInitShape<typeof DeleteKeyResponseSchema>> {
  return ({ keyId }, context) =>
    parts.database.transaction(context.principal.tid, async (tx) => {
      const { standing, key } = await findKey(tx, keyId, context);
      if (key.state !== 'revoked') await end(tx, standing.tenantId, key);
      await sql`
        UPDATE api_keys SET deleted_at = now()
        WHERE tenant_id = ${standing.tenantId} AND key_id = ${key.key_id}`.execute(tx);
      await record(parts, tx, context, { action: 'auth.key.deleted', key });
      return { message: `The key ${key.id12} is revoked and gone from the list.` };
    });
}

async function findKey(
  tx: Transaction<AuthTables>,
  keyId: string | undefined,
  context: CallContext,
): Promise<{ standing: Standing; key: KeyRow }> {
  const standing = await lockStanding(tx, context);
  return { standing, key: await readKey(tx, standing, keyId) };
}

/** With the invitations that it made: whoever stole a key would come back by one. */
async function end(tx: Transaction<AuthTables>, tenantId: string, key: KeyRow): Promise<void> {
  await endKeys(tx, tenantId, [key.key_id]);
  const maker = toPublicId('key', key.lineage_id);
  await sql`DELETE FROM invitations WHERE tenant_id = ${tenantId} AND made_by = ${maker}`.execute(tx);
}

async function record(
  { recordAudit }: EndKeyParts,
  tx: Transaction<AuthTables>,
  context: CallContext,
  { key, action, reason }: { readonly key: KeyRow; readonly action: string; readonly reason?: string },
): Promise<void> {
  const object = toPublicId('key', key.key_id);
  const why = reason === undefined ? {} : { reason };
  await recordAudit(tx, { ...auditBy(context), action, object, outcome: 'ok', ...why });
}
