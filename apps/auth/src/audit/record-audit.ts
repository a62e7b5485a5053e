import { createHmac, randomBytes as systemBytes } from 'node:crypto';
import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { RandomBytes } from '@universal-api/principal';
import type { AuditEntry, RecordAudit } from './audit-entry.ts';
import { hashRow, noHash } from './audit-hash.ts';
import { networkOf } from './network-of.ts';

/** What recording works with. */
export interface RecordAuditParts {
  /** Absent: the system's. */
  readonly randomBytes?: RandomBytes;
}

/**
 * Makes the function that appends to the chain of a tenant (platform.md 1.11), by a transaction of role `auth_app`,
 * `auth_worker` or `auth_ingest`, whatever tenant or user it acts for; that is afterwards as it was before.
 *
 * It takes the lock of the chain until the transaction ends, so it comes last, after every other write; whoever writes to
 * two chains writes to the tenant's first and then to the platform's. Over-long texts are cut.
 *
 * Errors: those of the transaction; PostgreSQL's 23514 for an action that is not dotted lower-case words.
 */
export function createRecordAudit(parts: RecordAuditParts = {}): RecordAudit {
  const { randomBytes = systemBytes } = parts;
  return (tx, entry) => recordAt(tx, entry, randomBytes);
}

/** The same, for something that happened at a time before now. */
export async function recordAt<Tables>(
  tx: Transaction<Tables>,
  entry: AuditEntry & { readonly at?: Date },
  randomBytes: RandomBytes = systemBytes,
): Promise<void> {
  const before = await actAsTenant(tx, entry.tenantId);
  const actor = await pseudonymOf(tx, entry, randomBytes);
  const head = await lockHead(tx, entry.tenantId);
  const at = entry.at ?? head.now;
  const row = {
    tenant_id: entry.tenantId.toLowerCase(),
    seq: String(head.seq + 1n),
    at: at.toISOString(),
    actor,
    actor_kind: entry.actorKind,
    action: entry.action,
    object: cleanText(entry.object, 200),
    outcome: entry.outcome,
    reason: cleanText(entry.reason ?? '', 500),
    request_id: cleanText(entry.requestId ?? '', 64),
    ip_prefix: entry.address === undefined ? '' : networkOf(entry.address),
    diff: cleanDiff(entry.diff ?? {}),
    prev_hash: head.hash,
  };
  const hash = hashRow(row);
  await sql`
    WITH appended AS (
      INSERT INTO audit (tenant_id, seq, at, actor, actor_kind, action, object, outcome, reason, request_id, ip_prefix, diff,
                         prev_hash, hash)
      VALUES (${row.tenant_id}, ${row.seq}, ${row.at}, ${row.actor}, ${row.actor_kind}, ${row.action}, ${row.object},
              ${row.outcome}, ${row.reason}, ${row.request_id}, ${row.ip_prefix}, ${JSON.stringify(row.diff)}::jsonb,
              decode(${row.prev_hash}, 'hex'), decode(${hash}, 'hex'))
      RETURNING tenant_id, seq, hash
    )
    INSERT INTO audit_head (tenant_id, segment, seq, at, hash)
    SELECT tenant_id, segment, seq, ${head.now}::timestamptz, hash FROM appended, (VALUES (0), (${segmentOf(head.now)}::integer)) AS s(segment)
    ON CONFLICT (tenant_id, segment) DO UPDATE SET seq = excluded.seq, at = excluded.at, hash = excluded.hash`.execute(
    tx,
  );
  await sql`SELECT set_config('app.tenant_id', ${before}, true)`.execute(tx);
}

async function actAsTenant<Tables>(tx: Transaction<Tables>, tenantId: string): Promise<string> {
  const { rows } = await sql<{ before: string | null }>`
    WITH had AS MATERIALIZED (SELECT current_setting('app.tenant_id', true) AS before)
    SELECT before, set_config('app.tenant_id', ${tenantId}, true) FROM had`.execute(tx);
  return rows[0]?.before ?? '';
}

/** Each actor of a tenant has a key of their own, so that deleting its row forgets them for good and leaves the chain whole. */
async function pseudonymOf<Tables>(
  tx: Transaction<Tables>,
  { tenantId, actor }: AuditEntry,
  randomBytes: RandomBytes,
): Promise<string> {
  const known = () =>
    sql<{ pseudonym: string }>`
      SELECT pseudonym FROM audit_actors WHERE tenant_id = ${tenantId} AND actor = ${actor}`.execute(tx);
  const [found] = (await known()).rows;
  if (found) return found.pseudonym;
  const key = Buffer.from(randomBytes(32));
  const pseudonym = createHmac('sha256', key).update(`${tenantId}:${actor}`).digest('hex').slice(0, 32);
  const { rows } = await sql<{ pseudonym: string }>`
    INSERT INTO audit_actors (tenant_id, actor, pseudonym, key) VALUES (${tenantId}, ${actor}, ${pseudonym}, ${key})
    ON CONFLICT (tenant_id, actor) DO NOTHING RETURNING pseudonym`.execute(tx);
  // Somebody else was first and has committed: theirs is seen now.
  const [made] = rows.length > 0 ? rows : (await known()).rows;
  if (!made) throw new AppError('internal', { internal: 'an actor of the audit log has no pseudonym' });
  return made.pseudonym;
}

interface Head {
  readonly seq: bigint;
  /** Hex. */
  readonly hash: string;
  /** Of the database; never before the time of the last row. */
  readonly now: Date;
}

async function lockHead<Tables>(tx: Transaction<Tables>, tenantId: string): Promise<Head> {
  const lock = () =>
    sql<Head>`
      SELECT seq, encode(hash, 'hex') AS hash, date_trunc('milliseconds', greatest(clock_timestamp(), at)) AS now
      FROM audit_head WHERE tenant_id = ${tenantId} AND segment = 0 FOR UPDATE`.execute(tx);
  const [found] = (await lock()).rows;
  if (found) return found;
  await sql`
    INSERT INTO audit_head (tenant_id, segment, seq, at, hash)
    VALUES (${tenantId}, 0, 0, date_trunc('milliseconds', clock_timestamp()), decode(${noHash}, 'hex'))
    ON CONFLICT DO NOTHING`.execute(tx);
  const [made] = (await lock()).rows;
  if (!made) throw new AppError('internal', { internal: 'a chain of the audit log has no head' });
  return made;
}

/** The month of a row, `202611`, UTC. */
function segmentOf(at: Date): number {
  return at.getUTCFullYear() * 100 + at.getUTCMonth() + 1;
}

/** What PostgreSQL and RFC 8785 both take: no NUL, no half of a surrogate pair. */
function cleanText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).toWellFormed().replaceAll('\0', '');
}

const maxDiffFields = 50;

function cleanDiff(diff: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(diff).slice(0, maxDiffFields);
  return Object.fromEntries(entries.map(([name, value]) => [cleanText(name, 100), cleanText(value, 200)]));
}
