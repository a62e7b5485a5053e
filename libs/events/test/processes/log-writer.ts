/**
 * A process that commits 200 changes a second, each with its event, until it is killed: `DATABASE_URL`. One line per
 * acknowledged commit on stdout: subject and number.
 */
import { openDatabase, sql } from '@universal-api/database';
import { setTimeout } from 'node:timers/promises';
import { lockSubjects } from '../../src/index.ts';
import { append, changed, tenantA } from '../event-fixture.ts';

const workers = 4;
const eachMs = 20;
const subjects = 8;

const database = openDatabase<unknown>({
  url: process.env['DATABASE_URL'] ?? '',
  role: 'probe_app',
  poolSize: workers,
});

async function change(subject: string): Promise<number> {
  return database.transaction(tenantA, async (tx) => {
    await lockSubjects(tx, [subject]);
    const { rows } = await sql<{ n: number }>`
      INSERT INTO counters VALUES (${subject}, 1) ON CONFLICT (subject) DO UPDATE SET n = counters.n + 1 RETURNING n`.execute(
      tx,
    );
    const n = rows[0]?.n ?? 0;
    await append(tx, changed, { tenantId: tenantA, subject, data: { ms: n } });
    return n;
  });
}

async function work(worker: number): Promise<void> {
  for (let round = 0; ; round++) {
    const begun = Date.now();
    const subject = `subject-${(worker + round * 3) % subjects}`;
    process.stdout.write(`${subject} ${await change(subject)}\n`);
    await setTimeout(Math.max(0, eachMs - (Date.now() - begun)));
  }
}

// Nobody is left to kill us once the pipe from the parent is closed.
process.stdin.on('end', () => process.exit(0)).resume();
await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
