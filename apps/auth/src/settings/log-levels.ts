import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { revocationChannel } from '../revocation/append-revocation.ts';

/** A log level that holds. */
export interface HeldLevel {
  /** Name of an app. */
  readonly service: string;
  readonly level: string;
  readonly until: Date;
}

const prefix = 'log_level.';

/** The levels that hold now. */
export async function readLogLevels<Tables>(tx: Transaction<Tables>): Promise<readonly HeldLevel[]> {
  const { rows } = await sql<HeldLevel>`
    SELECT substr(name, ${prefix.length + 1}) AS service, value AS level, until FROM runtime_settings
    WHERE starts_with(name, ${prefix}) AND until > clock_timestamp() ORDER BY name`.execute(tx);
  return rows;
}

/** Sets the level of an app for some seconds, in place of the one before, and wakes whoever watches. Gives what holds then. */
export async function writeLogLevel<Tables>(
  tx: Transaction<Tables>,
  { service, level, ttlS }: { readonly service: string; readonly level: string; readonly ttlS: number },
): Promise<{ readonly held: HeldLevel; readonly before: string | undefined }> {
  const held = await readLogLevels(tx);
  const { rows } = await sql<HeldLevel>`
    INSERT INTO runtime_settings (name, value, until)
    VALUES (${prefix + service}, ${level}, clock_timestamp() + make_interval(secs => ${ttlS}))
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, until = excluded.until, changed_at = clock_timestamp()
    RETURNING ${service}::text AS service, value AS level, until`.execute(tx);
  await sql`SELECT pg_notify(${revocationChannel}, '')`.execute(tx);
  const [written] = rows;
  if (!written) throw new AppError('internal', { internal: 'an upsert gave no row' });
  return { held: written, before: held.find((one) => one.service === service)?.level };
}
