import { sql, type Database } from '@universal-api/database';

/** Spaces out the calls of all processes of an installation to one provider. */
export interface CallSlots {
  /**
   * Takes the next slot of a provider: resolves to the ms until it starts, or to `undefined` if it starts later than
   * `maxWaitMs` from now, and then nothing is taken. Slots of one provider start at least `intervalMs` apart.
   *
   * Errors: `service_unavailable` or `deadline_exceeded` while PostgreSQL is away or too slow.
   */
  reserve(provider: string, intervalMs: number, maxWaitMs: number): Promise<number | undefined>;
}

/** The only table of schema `providers` so far. */
export interface CallSlotTables {
  readonly call_slots: { readonly provider: string; readonly next_at: Date };
}

/** Slots as rows of `providers.call_slots`, by the clock of the database. The pool has the role `providers_app`. */
export function createCallSlots(database: Database<CallSlotTables>): CallSlots {
  return {
    reserve: (provider, intervalMs, maxWaitMs) =>
      database.instance(async (tx) => {
        const interval = sql`${intervalMs} * interval '1 millisecond'`;
        const { rows } = await sql<{ waitMs: number }>`
          INSERT INTO call_slots AS slot (provider, next_at) VALUES (${provider}, clock_timestamp() + ${interval})
          ON CONFLICT (provider) DO UPDATE
            SET next_at = greatest(slot.next_at, clock_timestamp()) + ${interval}
            WHERE slot.next_at <= clock_timestamp() + ${maxWaitMs} * interval '1 millisecond'
          RETURNING 1000 * extract(epoch FROM next_at - ${interval} - clock_timestamp())::float8 AS "waitMs"
        `.execute(tx);
        const [row] = rows;
        return row && Math.max(0, row.waitMs);
      }),
  };
}
