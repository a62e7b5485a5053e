import { sql, type Transaction } from '@universal-api/database';
import type { LogSource } from './insert-events.ts';
import { lockClasses } from './lock-subject.ts';
import { type Cursor, startOfLog } from './read-log.ts';

/** Whose cursor, on which source. */
export interface CursorName {
  readonly group: string;
  readonly source: LogSource;
  /** Added to the clock of the database; for tests alone. */
  readonly clockOffsetMs?: number;
}

/** A cursor that this transaction holds. */
export interface HeldCursor {
  readonly place: Cursor;
  /** Milliseconds since it was moved last; infinite for a new group. */
  readonly restedMs: number;
}

/**
 * Takes the cursor of a group for the rest of the transaction; undefined while another process has it. Writes nothing, so the
 * transaction has no xid yet and holds up nobody.
 */
export async function holdCursor<Tables>(tx: Transaction<Tables>, name: CursorName): Promise<HeldCursor | undefined> {
  const { group, source } = name;
  const lock = await sql<{ isOurs: boolean }>`
    SELECT pg_try_advisory_xact_lock(${lockClasses[source]}, hashtext(${group})) AS "isOurs"`.execute(tx);
  if (!lock.rows[0]?.isOurs) return undefined;
  // A statement of its own: its snapshot is younger than the lock, and sees where the process before us left the cursor.
  return readCursor(tx, name);
}

/** Where a group is, for one that holds it by other means than this transaction. */
export async function readCursor<Tables>(
  tx: Transaction<Tables>,
  { group, source, clockOffsetMs = 0 }: CursorName,
): Promise<HeldCursor> {
  const { rows } = await sql<Cursor & { restedMs: number }>`
    SELECT xid::text AS xid, position, day::text AS day,
           extract(epoch FROM clock_timestamp() + ${clockOffsetMs}::float8 * interval '1 ms' - updated_at)::float8 * 1000 AS "restedMs"
    FROM events.cursors WHERE grp = ${group} AND source = ${source}`.execute(tx);
  const [row] = rows;
  if (!row) return { place: startOfLog, restedMs: Number.POSITIVE_INFINITY };
  const { restedMs, ...place } = row;
  return { place, restedMs };
}

/** A cursor that has nothing to read moves this often, ms, at most: it lets old partitions go, and costs a write. */
const emptyMoveMs = 10_000;

/** Whether a cursor behind which there is nothing should move to the horizon. */
export function isEmptyMoveDue({ restedMs }: HeldCursor): boolean {
  return restedMs >= emptyMoveMs;
}

/** Moves a cursor that this transaction holds; `owner` says in the table who did. */
export async function moveCursor<Tables>(
  tx: Transaction<Tables>,
  { group, source, clockOffsetMs = 0 }: CursorName,
  to: Cursor,
  owner: string,
): Promise<void> {
  await sql`
    INSERT INTO events.cursors (grp, source, xid, position, day, owner, updated_at)
    VALUES (${group}, ${source}, ${to.xid}::xid8, ${to.position.toString()}::bigint, ${to.day}::date, ${owner},
            clock_timestamp() + ${clockOffsetMs}::float8 * interval '1 ms')
    ON CONFLICT (grp, source) DO UPDATE SET xid = excluded.xid, position = excluded.position, day = excluded.day,
      owner = excluded.owner, updated_at = excluded.updated_at`.execute(tx);
}

/**
 * Moves the cursor of a group that is held by a lock outside of this transaction, if it still is where it was read. False when it
 * is not: somebody else has the group.
 */
export async function compareAndMoveCursor<Tables>(
  tx: Transaction<Tables>,
  { group, source }: CursorName,
  from: Cursor,
  to: Cursor,
  owner: string,
): Promise<boolean> {
  const isNew = from.xid === startOfLog.xid && from.day === startOfLog.day;
  const { rows } = await (
    isNew
      ? sql`
        INSERT INTO events.cursors (grp, source, xid, position, day, owner)
        VALUES (${group}, ${source}, ${to.xid}::xid8, ${to.position.toString()}::bigint, ${to.day}::date, ${owner})
        ON CONFLICT (grp, source) DO NOTHING RETURNING grp`
      : sql`
        UPDATE events.cursors SET xid = ${to.xid}::xid8, position = ${to.position.toString()}::bigint, day = ${to.day}::date,
          owner = ${owner}, updated_at = clock_timestamp()
        WHERE grp = ${group} AND source = ${source} AND xid = ${from.xid}::xid8
          AND position = ${from.position.toString()}::bigint AND day = ${from.day}::date RETURNING grp`
  ).execute(tx);
  return rows.length > 0;
}
