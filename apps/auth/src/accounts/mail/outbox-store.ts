import { sql, type Database, type Selectable } from '@universal-api/database';
import type { AuthTables, MailOutboxTable } from '../../store/auth-tables.ts';

/** A row of mail. */
export type OutboxRow = Selectable<MailOutboxTable>;

/** How much of the ended is kept: mail for its time, tokens for a look at what a link was. */
const keptAfterEnd = '30 days';

/** Mail over all users, by a pool of role `auth_worker`. Errors of every method: those of `Database`. */
export interface OutboxStore {
  /** Mail that waits and whose link still works, oldest first, after a row. */
  listWaiting(page: { readonly after?: string; readonly count: number }): Promise<readonly OutboxRow[]>;
  /** How many wait with a link that still works. */
  countWaiting(): Promise<number>;
  /** Erases tokens of mail that was delivered or has expired, and removes what ended long ago; gives how many it erased. */
  clean(): Promise<number>;
}

/** The outbox over PostgreSQL. */
export function createOutboxStore(worker: Database<AuthTables>): OutboxStore {
  const waiting = sql<boolean>`accepted_at IS NULL AND token IS NOT NULL AND expires_at > now()`;
  return {
    listWaiting: ({ after, count }) =>
      worker.instance((tx) => {
        // Ids are UUIDv7, so their order is that of time.
        const query = tx.selectFrom('mail_outbox').selectAll().where(waiting).orderBy('mail_id').limit(count);
        return (after === undefined ? query : query.where('mail_id', '>', after)).execute();
      }),
    countWaiting: () =>
      worker.instance(async (tx) => {
        const row = await tx
          .selectFrom('mail_outbox')
          .select(({ fn }) => fn.countAll<bigint>().as('count'))
          .where(waiting)
          .executeTakeFirst();
        return Number(row?.count ?? 0);
      }),
    clean: () =>
      worker.instance(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('mail_outbox')
          .set({ token: null })
          .where('token', 'is not', null)
          .where(sql<boolean>`(expires_at <= now() OR accepted_at IS NOT NULL)`)
          .executeTakeFirst();
        const ended = sql<boolean>`expires_at < now() - ${keptAfterEnd}::interval`;
        await tx.deleteFrom('mail_outbox').where(ended).execute();
        await tx.deleteFrom('one_time_tokens').where(ended).execute();
        return Number(numUpdatedRows);
      }),
  };
}
