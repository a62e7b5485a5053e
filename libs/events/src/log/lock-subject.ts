import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';

/** First half of the key of each advisory lock of ours, so that no other use of them in the database meets it. */
export const lockClasses = { subject: 7_301, log: 7_302, telemetry: 7_303, partitions: 7_304 } as const;

const locked = new WeakMap<object, ReadonlySet<string>>();

/**
 * Makes this transaction the only one that appends events about these subjects until it ends, and so (xid, position) their
 * causal order (`webhooks.md` 4.2). The first statement of a producer, once, with all its subjects; waits for its turn.
 *
 * Errors: `internal` when the transaction has written already, or has locked other subjects: both would undo the order or
 * invite a deadlock.
 */
export async function lockSubjects<Tables>(tx: Transaction<Tables>, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  const held = locked.get(tx);
  if (held && subjects.every((subject) => held.has(subject))) return;
  if (held) throw fault('A transaction has to lock all its subjects at once.');
  // By the number that is locked, not by the text: two subjects may share one, and then text order could cross.
  const { rows } = await sql<{ hasWritten: boolean }>`
    SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS "hasWritten", count(pg_advisory_xact_lock(${lockClasses.subject}, number))
    FROM (SELECT DISTINCT hashtext(subject) AS number FROM unnest(${[...subjects]}::text[]) AS subject ORDER BY number) AS sorted`.execute(
    tx,
  );
  if (rows[0]?.hasWritten) throw fault('A transaction has to lock its subjects before its first write.');
  locked.set(tx, new Set(subjects));
}

/** Whether `lockSubjects` has locked this subject in this transaction. */
export function isSubjectLocked<Tables>(tx: Transaction<Tables>, subject: string): boolean {
  return locked.get(tx)?.has(subject) ?? false;
}

function fault(internal: string): AppError {
  return new AppError('internal', { internal });
}
