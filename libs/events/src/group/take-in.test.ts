import { expect, test } from '@jest/globals';
import type { Transaction } from '@universal-api/database';
import { tenantA } from '../../test/event-fixture.ts';
import type { Event } from '../event.ts';
import { takeIn } from './take-in.ts';

const event: Event = {
  id: '01932f5c-8c00-7000-8000-000000000001',
  type: 'video.job.succeeded',
  version: 1,
  topic: 'uapi.video.v1',
  key: tenantA,
  source: 'urn:uapi:video',
  time: new Date('2026-11-24T10:00:00.123Z'),
  tenantId: tenantA,
  position: 42n,
  channels: [],
  isTest: false,
  data: {},
};

test('what subjectsOf cannot read is the fault of the record, so that it is found and set aside', async () => {
  const subscription = {
    group: 'probe',
    topics: ['uapi.video.v1'] as const,
    subjectsOf: () => {
      throw new TypeError('no');
    },
    handle: async () => {},
  };
  const taken = takeIn({} as Transaction<unknown>, subscription, [event]);
  await expect(taken).rejects.toMatchObject({ name: 'PoisonRecord', reason: 'handler_error' });
});
