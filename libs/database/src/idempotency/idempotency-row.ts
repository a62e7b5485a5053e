import { sql, type Transaction } from 'kysely';

/** What is kept of an answer. */
export interface KeptAnswer {
  /** HMAC over who asked for what, 32 bytes. */
  readonly request_mac: Buffer;
  /** Response metadata by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the answer's message. */
  readonly answer: Buffer;
}

/** Hours that an answer is kept (style.md 4.6). */
const keptHours = 24;

/** Rows over that age which a call of the same tenant clears away, at most. */
const sweptPerCall = 20;

/**
 * Takes the lock of a key until the transaction ends; false while another transaction has it, here or in another process. So a
 * call that still runs is noticed at once, and one whose process died leaves nothing behind.
 */
export async function lockKey<Tables>(tx: Transaction<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql<{ isFree: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS "isFree"`.execute(tx);
  return rows[0]?.isFree === true;
}

/** The answer that is kept under a key, unless it is over a day old. */
export async function findAnswer<Tables>(
  tx: Transaction<Tables>,
  tenantId: string,
  key: string,
): Promise<KeptAnswer | undefined> {
  const { rows } = await sql<KeptAnswer>`
    SELECT request_mac, headers, answer FROM idempotency
    WHERE tenant_id = ${tenantId} AND key = ${key} AND created_at > now() - make_interval(hours => ${keptHours})`.execute(
    tx,
  );
  return rows[0];
}

/** Keeps an answer for a day, and clears away a few of the tenant's that are older. */
export async function keepAnswer<Tables>(
  tx: Transaction<Tables>,
  tenantId: string,
  key: string,
  { request_mac, headers, answer }: KeptAnswer,
): Promise<void> {
  await sql`
    INSERT INTO idempotency (tenant_id, key, request_mac, headers, answer)
    VALUES (${tenantId}, ${key}, ${request_mac}, ${JSON.stringify(headers)}::jsonb, ${answer})
    ON CONFLICT (tenant_id, key) DO UPDATE
    SET request_mac = excluded.request_mac, headers = excluded.headers, answer = excluded.answer, created_at = clock_timestamp()`.execute(
    tx,
  );
  await sql`
    DELETE FROM idempotency WHERE tenant_id = ${tenantId} AND key IN (
      SELECT key FROM idempotency
      WHERE tenant_id = ${tenantId} AND created_at < now() - make_interval(hours => ${keptHours})
      ORDER BY created_at LIMIT ${sweptPerCall} FOR UPDATE SKIP LOCKED)`.execute(tx);
}
