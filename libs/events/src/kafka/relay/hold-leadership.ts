import { type AdminClient, withClient } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { lockClasses } from '../../log/lock-subject.ts';

/** The lock that one process of all has. */
export interface Leadership {
  /** Errors: `service_unavailable` when the connection is lost, and so the lock. */
  confirm(): Promise<void>;
}

/** How leadership is sought. */
export interface LeadershipParts {
  /** PostgreSQL; any login may lock. */
  readonly url: string;
  /** Whose lock: the name of a group that reads the log. */
  readonly group: string;
  /** Waits between tries; false: stop trying. */
  readonly waitForTry: () => Promise<boolean>;
}

const answerMs = 5_000;

/**
 * Runs `lead` while this process alone holds the lock of a group, on a connection of its own whose end, whatever brings it,
 * frees the lock. Comes back once `lead` has ended, or `waitForTry` gave up. Errors: those of `lead`, and `service_unavailable` while
 * PostgreSQL is away.
 */
export async function holdLeadership(
  { url, group, waitForTry }: LeadershipParts,
  lead: (leadership: Leadership) => Promise<void>,
): Promise<void> {
  await withClient(url, async (client) => {
    while (!(await tryLock(client, group))) if (!(await waitForTry())) return;
    await lead({ confirm: async () => void (await ask(client, 'SELECT 1', [])) });
  });
}

async function tryLock(client: AdminClient, group: string): Promise<boolean> {
  // The same key as that of a group's transactions, so that no reader of the log can take the relay's cursor.
  const { rows } = await ask(client, 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS "isOurs"', [
    lockClasses.log,
    group,
  ]);
  return rows[0]?.isOurs === true;
}

/** A query with a deadline, since this connection has no pool to give it one. */
async function ask(client: AdminClient, text: string, values: (string | number)[]) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(away('no answer in time')), answerMs);
  });
  try {
    return await Promise.race([client.query<{ isOurs?: boolean }>(text, values), late]);
  } catch (cause) {
    throw away('the connection that held the lock is lost', cause);
  } finally {
    clearTimeout(timer);
  }
}

function away(what: string, cause?: unknown): AppError {
  return new AppError('service_unavailable', { internal: `PostgreSQL: ${what}.`, cause });
}
