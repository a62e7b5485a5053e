import { type AdminClient, type Database, withClient } from '@universal-api/database';
import { lockClasses } from '../src/log/lock-subject.ts';
import { type Cursor, readLog, startOfLog } from '../src/log/read-log.ts';
import { settle, tenantA } from './event-fixture.ts';

/** What one of the writers, or the reader, does next. */
export interface Move {
  readonly who: number | 'reader';
  readonly what: 'begin' | 'take-xid' | 'append' | 'commit' | 'rollback' | 'read';
}

/** A seeded sequence of moves in which every transaction that begins also ends. */
export interface Interleaving {
  readonly moves: readonly Move[];
}

const writers = 4;

/** Moves at random: transactions that take their xid early or late, append nothing, one or several, commit or roll back. */
export function planInterleaving(seed: number): Interleaving {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item =>
    items[Math.floor(random() * items.length)] ?? items[0];
  const isOpen = new Array<boolean>(writers).fill(false);
  const moves: Move[] = [];
  const length = 10 + Math.floor(random() * 14);
  for (let step = 0; step < length; step++) {
    const who = Math.floor(random() * (writers + 1));
    if (who === writers) moves.push({ who: 'reader', what: 'read' });
    else if (!isOpen[who]) {
      isOpen[who] = true;
      moves.push({ who, what: 'begin' });
    } else {
      const what = pick(['take-xid', 'append', 'append', 'append', 'commit', 'commit', 'rollback'] as const);
      if (what === 'commit' || what === 'rollback') isOpen[who] = false;
      moves.push({ who, what });
    }
  }
  isOpen.forEach((open, who) => {
    if (open) moves.push({ who, what: 'commit' });
  });
  return { moves };
}

/** Small, seeded and good enough to shuffle moves (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a reader saw of one interleaving, beside what it should have seen. */
export interface Played {
  /** Numbers of the events that were read, sorted. */
  readonly seen: readonly number[];
  /** Numbers of those that were committed on the topics that are read, sorted. */
  readonly committed: readonly number[];
  /** Neighbours of one subject that were read in the wrong order. */
  readonly inversions: number;
}

/** Plays interleavings one after the other, on connections that stay open; the reader goes on where it stopped. */
export interface Player {
  play(plan: Interleaving): Promise<Played>;
}

/** Opens the connections for the time of `work`. */
export async function withPlayer<Result>(
  url: string,
  reader: Database<unknown>,
  work: (player: Player) => Promise<Result>,
): Promise<Result> {
  const clients: AdminClient[] = [];
  const open = async (): Promise<Result> => {
    if (clients.length === writers) return work(createPlayer(clients, reader));
    return withClient(url, async (client) => {
      await client.query('SET ROLE events_ingest');
      clients.push(client);
      return open();
    });
  };
  return open();
}

/** What is read, and a topic of others. */
const topics = ['uapi.search.v1', 'uapi.auth.v1'];
const written = [...topics, 'uapi.video.v1'];

function createPlayer(clients: readonly AdminClient[], reader: Database<unknown>): Player {
  let place: Cursor | undefined;
  let lastNumber = 0;

  async function readPage(): Promise<{ n: number; subject: string }[]> {
    // Small pages, so that a page often ends within a transaction.
    const page = await reader.instance((tx) =>
      readLog(tx, { source: 'log', after: place ?? startOfLog, topics, limit: 2 }),
    );
    place = page.next;
    return page.events.map(({ data, subject = '' }) => ({ n: Number(data['n']), subject }));
  }

  return {
    async play({ moves }) {
      const open: { subject: string; numbers: number[] }[] = clients.map(() => ({ subject: '', numbers: [] }));
      const committed: number[] = [];
      const read: { n: number; subject: string }[] = [];
      for (const { who, what } of moves) {
        if (who === 'reader') {
          read.push(...(await readPage()));
          continue;
        }
        const [client, state] = [clients[who], open[who]];
        if (!client || !state) throw new Error('no such writer');
        if (what === 'begin') {
          await client.query('BEGIN');
          state.subject = await lockOr(client, `subject-${who % 2}`, `alone-${who}`);
          state.numbers = [];
        } else if (what === 'take-xid') await client.query('SELECT pg_current_xact_id()');
        else if (what === 'append') {
          const topic = written[++lastNumber % written.length] ?? '';
          if (topics.includes(topic)) state.numbers.push(lastNumber);
          // Each on the partition of yesterday or of today, as around midnight.
          const daysAgo = lastNumber % 2;
          await client.query(insertion, [state.subject, tenantA, JSON.stringify({ n: lastNumber }), topic, daysAgo]);
        } else {
          await client.query(what === 'commit' ? 'COMMIT' : 'ROLLBACK');
          if (what === 'commit') committed.push(...state.numbers);
        }
      }
      await settle(reader);
      for (let page = await readPage(); page.length > 0; page = await readPage()) read.push(...page);
      return {
        seen: read.map(({ n }) => n).sort((a, b) => a - b),
        committed: committed.sort((a, b) => a - b),
        inversions: countInversions(read),
      };
    },
  };
}

const insertion = `INSERT INTO events.log (topic, key, id, type, version, source, subject, tenant_id, data, day)
  VALUES ($4, $2::uuid, gen_random_uuid(), 'probe.changed', 1, 'urn:uapi:probe', $1, $2::uuid, $3::jsonb,
          (clock_timestamp() AT TIME ZONE 'utc')::date - $5::int)`;

/** The lock of a producer; where another writer has it, a subject of one's own, since these moves cannot wait. */
async function lockOr(client: AdminClient, subject: string, other: string): Promise<string> {
  const { rows } = await client.query<{ isOurs: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS "isOurs"',
    [lockClasses.subject, subject],
  );
  return rows[0]?.isOurs ? subject : other;
}

function countInversions(read: readonly { n: number; subject: string }[]): number {
  const last = new Map<string, number>();
  let inversions = 0;
  for (const { n, subject } of read) {
    if (n < (last.get(subject) ?? 0)) inversions++;
    last.set(subject, n);
  }
  return inversions;
}
