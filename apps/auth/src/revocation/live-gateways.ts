import { sql, type Transaction } from '@universal-api/database';

/** A gateway is seen every second or so; one that was not for this long is gone. */
const liveS = 5;

/** Says that a gateway lives. */
export async function beat<Tables>(tx: Transaction<Tables>, instance: string): Promise<void> {
  await sql`
    INSERT INTO gateways (instance, seen_at) VALUES (${instance}, clock_timestamp())
    ON CONFLICT (instance) DO UPDATE SET seen_at = excluded.seen_at
    WHERE gateways.seen_at < excluded.seen_at - interval '500 milliseconds'`.execute(tx);
}

/** Gateways that were seen lately, by whatever replica. One that left counts for some seconds: too many is the safe side. */
export async function countGateways<Tables>(tx: Transaction<Tables>): Promise<number> {
  const { rows } = await sql<{ live: number }>`
    SELECT count(*)::int AS live FROM gateways
    WHERE seen_at > clock_timestamp() - make_interval(secs => ${liveS})`.execute(tx);
  return rows[0]?.live ?? 0;
}
