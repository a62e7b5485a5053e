import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type {
  DeleteProviderKeyRequest,
  DeleteProviderKeyResponseSchema,
  GetProviderKeyRequest,
  ProviderKeySchema,
  PutProviderKeyRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import { lockStanding } from '../access/standing.ts';
import type { DataCipher } from '../accounts/data-cipher.ts';
import type { ChangeParts } from '../keys/key-parts.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** What keeping provider credentials works with. */
export interface ProviderKeyParts extends ChangeParts {
  /** Seals under `DATA_ENCRYPTION_KEY`, purpose `provider-key`. */
  readonly providerCipher: DataCipher;
}

/** Of a shorter credential the last four characters would be too much of it. */
const leastShown = 12;
/** Credentials of a tenant, at most: more than there are providers. */
const maxKept = 100;

type ProviderKeyMessage = MessageInitShape<typeof ProviderKeySchema>;

interface ProviderKeyRow {
  readonly provider: string;
  readonly variable: string;
  readonly last4: string;
  readonly created_by: string;
  readonly rotated_at: Date;
}

/** To whom a sealed credential is bound. */
export function providerKeyOwner(tenantId: string, provider: string): string {
  return `${tenantId}/${provider}`;
}

/** What is known of a credential; never the credential. Errors: `not_found`. */
export function getProviderKey({ database }: Pick<ChangeParts, 'database'>) {
  return ({ provider = '' }: GetProviderKeyRequest, { principal }: CallContext): Promise<ProviderKeyMessage> =>
    database.transaction(principal.tid, async (tx) => toMessage(await readProviderKey(tx, principal.tid, provider)));
}

/** Stores or replaces a credential. Errors: `fresh_proof_required`; `conflict` at 100 credentials. */
export function putProviderKey(parts: ProviderKeyParts) {
  return async (request: PutProviderKeyRequest, context: CallContext): Promise<ProviderKeyMessage> => {
    await parts.requireFreshProof(context);
    const { tid } = context.principal;
    const { provider = '', value = '', variable = '' } = request;
    const sealed = parts.providerCipher.seal(Buffer.from(value), providerKeyOwner(tid, provider));
    const last4 = value.length < leastShown ? '' : value.slice(-4);
    return parts.database.transaction(tid, async (tx) => {
      const { name } = await lockStanding(tx, context);
      await requireRoom(tx, tid, provider);
      await sql`
        INSERT INTO provider_keys (tenant_id, provider, variable, ciphertext, last4, created_by)
        VALUES (${tid}, ${provider}, ${variable}, ${sealed}, ${last4}, ${name})
        ON CONFLICT (tenant_id, provider) DO UPDATE SET variable = excluded.variable, ciphertext = excluded.ciphertext,
          last4 = excluded.last4, created_by = excluded.created_by, rotated_at = clock_timestamp()`.execute(tx);
      const row = await readProviderKey(tx, tid, provider);
      await record(parts, tx, context, { provider, action: 'tenant.provider_key.stored' });
      return toMessage(row);
    });
  };
}

/** Forgets a credential. Errors: `not_found`, `fresh_proof_required`. */
export function deleteProviderKey(parts: ProviderKeyParts) {
  return async (
    { provider = '' }: DeleteProviderKeyRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof DeleteProviderKeyResponseSchema>> => {
    await parts.requireFreshProof(context);
    const { tid } = context.principal;
    return parts.database.transaction(tid, async (tx) => {
      await readProviderKey(tx, tid, provider);
      await sql`DELETE FROM provider_keys WHERE tenant_id = ${tid} AND provider = ${provider}`.execute(tx);
      await record(parts, tx, context, { provider, action: 'tenant.provider_key.deleted' });
      return { message: `The credential for ${provider} is forgotten.` };
    });
  };
}

async function readProviderKey(
  tx: Transaction<AuthTables>,
  tenantId: string,
  provider: string,
): Promise<ProviderKeyRow> {
  const { rows } = await sql<ProviderKeyRow>`
    SELECT provider, variable, last4, created_by, rotated_at FROM provider_keys
    WHERE tenant_id = ${tenantId} AND provider = ${provider}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new AppError('not_found');
  return row;
}

async function requireRoom(tx: Transaction<AuthTables>, tenantId: string, provider: string): Promise<void> {
  const { rows } = await sql<{ others: bigint }>`
    SELECT count(*) AS others FROM provider_keys WHERE tenant_id = ${tenantId} AND provider <> ${provider}`.execute(tx);
  if ((rows[0]?.others ?? 0n) >= BigInt(maxKept))
    throw new AppError('conflict', { detail: `A tenant keeps at most ${maxKept} credentials.` });
}

async function record(
  { recordAudit }: ProviderKeyParts,
  tx: Transaction<AuthTables>,
  context: CallContext,
  { action, provider }: { readonly action: string; readonly provider: string },
): Promise<void> {
  await recordAudit(tx, { ...auditBy(context), action, object: provider, outcome: 'ok' });
}

function toMessage(row: ProviderKeyRow): ProviderKeyMessage {
  return {
    provider: row.provider,
    variable: row.variable,
    last4: row.last4,
    createdBy: row.created_by,
    rotatedAt: timestampFromDate(row.rotated_at),
  };
}
