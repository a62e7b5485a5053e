import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEventFixture, type EventFixture } from '../../test/event-fixture.ts';
import { createClient, quick, until } from '../../test/kafka-fixture.ts';
import { startRelay } from './relay-log.ts';
import type { RelayReport } from './relay/relay-report.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

test.each([
  ['that makes topics', {}],
  ['that leaves topics to others', false as const],
])(
  'a relay without Kafka %s says so soon',
  async (_what, topics) => {
    const reports: RelayReport[] = [];
    const relay = startRelay({
      client: createClient(['127.0.0.1:1']),
      url: fixture.test.url,
      database: fixture.ingest,
      owner: 'test:1',
      topics,
      waitFactor: quick,
      report: (report) => void reports.push(report),
    });
    await until(() => reports.filter(({ kind }) => kind === 'failed').length >= 1, 10_000);
    await relay.stop();
    expect(reports.find(({ kind }) => kind === 'failed')).toMatchObject({ waitMs: 300 });
  },
  20_000,
);
