import { type AdminClient, inTransaction, roleOf, withClient } from '@universal-api/database';
import type { LogSource } from './insert-events.ts';
import { lockClasses } from './lock-subject.ts';

/** A table in partitions of one day each, named `<table>_YYYYMMDD`. */
export interface KeptTable {
  readonly schema: string;
  readonly table: string;
  /** Days that have to be there before today; events of those days may still come. */
  readonly backDays: number;
  /** Whole days that are kept after their end. */
  readonly keepDays: number;
  /** Days after which a partition goes although a cursor has not passed it. */
  readonly hardStopDays: number;
  /** The source whose cursors hold partitions; absent: none does. */
  readonly cursors?: LogSource;
}

/** The log: 7 days, 14 while a group has not read them. Telemetry: a day. */
export const eventTables: readonly KeptTable[] = [
  { schema: 'events', table: 'log', backDays: 1, keepDays: 7, hardStopDays: 14, cursors: 'log' },
  { schema: 'events', table: 'telemetry', backDays: 1, keepDays: 1, hardStopDays: 1 },
];

/** The inbox of a consuming schema: 14 days, the log's 7 and the longest replay's 7. */
export function inboxOf(schema: string): KeptTable {
  return { schema, table: 'inbox', backDays: 14, keepDays: 14, hardStopDays: 14 };
}

/** What one run did, as `schema.partition`. */
export interface PartitionsKept {
  readonly created: readonly string[];
  readonly dropped: readonly string[];
  /** Due, but a group has not read it: an alarm. */
  readonly held: readonly { readonly partition: string; readonly groups: readonly string[] }[];
}

/** Days ahead that are there before they begin. */
const aheadDays = 8;
const lockTimeoutS = 3;
/** A detach waits for every transaction that uses the table; one that waits longer is finished by the next run. */
const detachTimeoutS = 30;

/**
 * Makes the partitions of the coming days and drops those whose time is over, each table as its schema's owner on one short
 * connection. Any number of processes may call it; one works on a table, the others pass it by. A run that was killed in the
 * middle is completed by the next one. `clockOffsetMs` is added to the clock of the database, for tests alone.
 *
 * Errors: a refusal when PostgreSQL is away; PostgreSQL's own when a lock is not to be had for 3 s.
 */
export async function keepPartitions(
  url: string,
  tables: readonly KeptTable[],
  { clockOffsetMs = 0 }: { readonly clockOffsetMs?: number } = {},
): Promise<PartitionsKept> {
  const kept = { created: [] as string[], dropped: [] as string[], held: [] as PartitionsKept['held'][number][] };
  await withClient(url, async (client) => {
    for (const table of tables) {
      await client.query(
        `RESET ROLE; SET ROLE ${roleOf(table.schema, 'owner')}; SET lock_timeout = '${lockTimeoutS}s'`,
      );
      const key = [lockClasses.partitions, `${table.schema}.${table.table}`];
      const { rows } = await client.query<{ isOurs: boolean; today: string }>(
        `SELECT pg_try_advisory_lock($1, hashtext($2)) AS "isOurs",
                ((clock_timestamp() + $3::float8 * interval '1 ms') AT TIME ZONE 'utc')::date::text AS today`,
        [...key, clockOffsetMs],
      );
      const [row] = rows;
      if (!row?.isOurs) continue;
      kept.created.push(...(await createMissing(client, table, row.today)));
      const dropped = await dropOverdue(client, table, row.today);
      kept.dropped.push(...dropped.dropped);
      kept.held.push(...dropped.held);
      await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', key);
    }
  });
  return kept;
}

async function createMissing(client: AdminClient, { schema, table, backDays }: KeptTable, today: string) {
  const { rows } = await client.query<{ name: string; first: string; end: string }>(
    `SELECT $2 || to_char(day, '_YYYYMMDD') AS name, day::date::text AS first, (day::date + 1)::text AS end
     FROM generate_series($3::date - $4::int, $3::date + $5::int, interval '1 day') AS day
     WHERE to_regclass($1 || '.' || $2 || to_char(day, '_YYYYMMDD')) IS NULL`,
    [schema, table, today, backDays, aheadDays],
  );
  for (const { name, first, end } of rows) {
    // Attached instead of created in place, which would lock out every reader and writer of the parent.
    await inTransaction(client, () =>
      client.query(
        `CREATE TABLE ${schema}.${name} (LIKE ${schema}.${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
         ALTER TABLE ${schema}.${table} ATTACH PARTITION ${schema}.${name} FOR VALUES FROM ('${first}') TO ('${end}')`,
      ),
    );
  }
  return rows.map(({ name }) => `${schema}.${name}`);
}

interface Overdue {
  readonly name: string;
  /** Null once it is no partition any more: a run died between the detach and the drop. */
  readonly isPending: boolean | null;
  readonly groups: readonly string[];
}

async function dropOverdue(client: AdminClient, table: KeptTable, today: string) {
  const { schema } = table;
  const dropped: string[] = [];
  const held: { partition: string; groups: readonly string[] }[] = [];
  for (const { name, isPending, groups } of await listOverdue(client, table, today)) {
    const partition = `${schema}.${name}`;
    if (groups.length > 0) {
      held.push({ partition, groups });
      continue;
    }
    await client.query(`SET statement_timeout = '${detachTimeoutS}s'; SET lock_timeout = 0`);
    const detach = `ALTER TABLE ${schema}.${table.table} DETACH PARTITION ${partition}`;
    if (isPending !== null) await client.query(`${detach} ${isPending ? 'FINALIZE' : 'CONCURRENTLY'}`);
    await client.query(`DROP TABLE ${partition}`);
    dropped.push(partition);
  }
  await client.query('SET statement_timeout = 0');
  return { dropped, held };
}

async function listOverdue(client: AdminClient, table: KeptTable, today: string): Promise<Overdue[]> {
  const { schema, keepDays, hardStopDays, cursors = null } = table;
  const { rows } = await client.query<Overdue>(
    `SELECT name, "isPending", ARRAY(
       SELECT grp FROM ${cursors ? 'events.cursors' : `(SELECT NULL::text AS grp, NULL::text AS source, NULL::date AS day)`} AS c
       WHERE c.source = $6 AND c.day - 1 <= d.day AND d.day >= $3::date - $5::int ORDER BY grp) AS groups
     FROM (
       SELECT c.relname AS name, i.inhdetachpending AS "isPending", to_date(right(c.relname, 8), 'YYYYMMDD') AS day
       FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
       WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND c.relname ~ ('^' || $2 || '_[0-9]{8}$')) AS d
     WHERE d.day < $3::date - $4::int ORDER BY d.day`,
    [schema, table.table, today, keepDays, hardStopDays, cursors],
  );
  return rows;
}

/** Keeps partitions until it is stopped. */
export interface PartitionKeeper {
  /** The first run, at start; rejects when it failed. */
  readonly first: Promise<PartitionsKept>;
  /** Ends once a run under way has ended. */
  stop(): Promise<void>;
}

/** Parts of the keeper. */
export interface PartitionKeeperParts {
  readonly url: string;
  readonly tables: readonly KeptTable[];
  /** Told of each later run; `held` is an alarm. */
  readonly onKept?: (kept: PartitionsKept) => void;
  /** Told of a later run that failed; the next one comes in an hour, and there are 8 days of partitions. */
  readonly onFailed?: (error: unknown) => void;
  readonly everyMs?: number;
}

const hourMs = 3_600_000;

/** Runs `keepPartitions` at once and every hour. */
export function startPartitionKeeper(parts: PartitionKeeperParts): PartitionKeeper {
  const { url, tables, onKept, onFailed, everyMs = hourMs } = parts;
  const first = keepPartitions(url, tables);
  let running: Promise<unknown> = first.catch(() => {});
  const timer = setInterval(() => {
    running = running.then(() => keepPartitions(url, tables)).then(onKept, onFailed);
  }, everyMs);
  return {
    first,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
