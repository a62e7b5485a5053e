/** A process of the group `killed`, which writes one effect per event, until it is killed: `DATABASE_URL`. */
import { openDatabase, sql } from '@universal-api/database';
import { createLogEventBus } from '../../src/log/index.ts';

const database = openDatabase<unknown>({ url: process.env['DATABASE_URL'] ?? '', role: 'probe_ingest', poolSize: 2 });
createLogEventBus({ database, owner: `reader:${process.pid}` }).subscribe({
  group: 'killed',
  topics: ['uapi.search.v1'],
  async handle(tx, events) {
    // One by one, so that a kill finds a batch half done.
    for (const { id, subject = null, data } of events) {
      await sql`INSERT INTO effects (consumer, event_id, subject, n) VALUES ('killed', ${id}, ${subject}, ${data['ms']})`.execute(
        tx,
      );
    }
  },
});
process.stdin.on('end', () => process.exit(0)).resume();
