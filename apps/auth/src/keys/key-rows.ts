import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { fromPublicId } from '@universal-api/ids';
import type { KeyMode } from '@universal-api/principal';
import { managesAllKeys, type Standing } from '../access/standing.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** A key as its holder may see it. */
export interface KeyRow {
  readonly key_id: string;
  readonly id12: string;
  readonly name: string;
  readonly mode: KeyMode;
  readonly scopes: readonly string[];
  readonly owner: string | null;
  /** active, rotated, revoked or expired. */
  readonly state: string;
  readonly is_live: boolean;
  readonly last4: string;
  readonly ip_allow: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lineage_id: string;
  readonly rotated_from: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly overlap_until: Date | null;
  readonly last_used_at: Date | null;
  readonly budget_account: string | null;
  /** Nano-USD of a month; null: none. */
  readonly budget: bigint | null;
}

const isPast = sql<boolean>`coalesce(k.expires_at <= now(), false)`;
const state = sql<string>`CASE WHEN k.state = 'revoked' THEN 'revoked' WHEN ${isPast} THEN 'expired' ELSE k.state END`;
const isLive = sql<boolean>`(k.state = 'active' OR (k.state = 'rotated' AND k.overlap_until > now())) AND NOT ${isPast}`;

const keys = (tenantId: string) => sql`
  SELECT k.key_id, k.id12, k.name, k.mode, k.scopes, k.owner, ${state} AS state, ${isLive} AS is_live, k.last4,
         k.ip_allow::text[] AS ip_allow, k.limits, k.metadata, k.lineage_id, k.rotated_from, k.created_at, k.expires_at,
         k.overlap_until, k.last_used_at, k.budget_account, a."limit" AS budget
  FROM api_keys k LEFT JOIN quota_accounts a ON a.tenant_id = k.tenant_id AND a.account_id = k.budget_account
  WHERE k.tenant_id = ${tenantId} AND k.deleted_at IS NULL`;

/** Keys that this caller works on: everybody's, or their own. */
const reached = (standing: Standing) =>
  managesAllKeys(standing) ? sql`` : sql`AND k.owner = ${standing.userId ?? null}::uuid`;

/** One key that the caller may see. Errors: `not_found` for a key of somebody else as for one that is not there. */
export async function readKey(
  tx: Transaction<AuthTables>,
  standing: Standing,
  publicId: string | undefined,
): Promise<KeyRow> {
  const keyId = fromPublicId('key', publicId ?? '');
  if (keyId === undefined) throw new AppError('not_found');
  const { rows } = await sql<KeyRow>`${keys(standing.tenantId)} ${reached(standing)} AND k.key_id = ${keyId}`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not_found');
  return row;
}

/** A page of keys, newest first: those in a state, or all that live. */
export async function listKeyRows(
  tx: Transaction<AuthTables>,
  standing: Standing,
  page: { readonly state: string | undefined; readonly before: string | undefined; readonly size: number },
): Promise<KeyRow[]> {
  const inState = page.state === undefined ? isLive : sql<boolean>`${state} = ${page.state}`;
  const older = page.before === undefined ? sql`` : sql`AND k.key_id < ${page.before}::uuid`;
  const { rows } = await sql<KeyRow>`
    ${keys(standing.tenantId)} ${reached(standing)} AND ${inState} ${older}
    ORDER BY k.key_id DESC LIMIT ${page.size}`.execute(tx);
  return rows;
}

/** How many keys of the tenant live now. */
export async function countLiveKeys(tx: Transaction<AuthTables>, tenantId: string): Promise<number> {
  const { rows } = await sql<{ live: bigint }>`
    SELECT count(*) AS live FROM api_keys k WHERE k.tenant_id = ${tenantId} AND ${isLive}`.execute(tx);
  return Number(rows[0]?.live ?? 0n);
}

/** The ids of keys that are not revoked yet, of a person or of a lineage. */
export async function listUnrevoked(
  tx: Transaction<AuthTables>,
  tenantId: string,
  of: { readonly owner: string } | { readonly rotatedIn: string },
): Promise<string[]> {
  const which = 'owner' in of ? sql`owner = ${of.owner}` : sql`lineage_id = ${of.rotatedIn} AND state = 'rotated'`;
  const { rows } = await sql<{ key_id: string }>`
    SELECT key_id FROM api_keys WHERE tenant_id = ${tenantId} AND state <> 'revoked' AND ${which}`.execute(tx);
  return rows.map(({ key_id }) => key_id);
}
