import { describe, expect, test } from '@jest/globals';
import { z } from '@universal-api/config';
import { createJobCatalogue, defineJob, defineQueue, queuesOf } from './job-catalogue.ts';

const queue = (name = 'uapi-webhook-drain', concurrency = 8) => defineQueue({ name, concurrency });
const job = (name: string, on = queue()) =>
  defineJob({ name, queue: on, data: z.strictObject({ endpoint_id: z.string().startsWith('ep_') }) });

describe('a job', () => {
  test('gives a run its key under the name of its field', () => {
    expect(job('drain-endpoint').toData('ep_1')).toEqual({ endpoint_id: 'ep_1' });
  });

  test('refuses a key that its schema or a store does not take, without telling the key', () => {
    for (const key of ['', 'xx_1', 'ep_a:b', `ep_${'1'.repeat(200)}`]) {
      expect(() => job('drain-endpoint').toData(key)).toThrow('A key of job drain-endpoint is malformed.');
    }
  });

  test('has exactly one field', () => {
    const data = z.strictObject({ a: z.string(), b: z.string() });
    expect(() => defineJob({ name: 'two-fields', queue: queue(), data })).toThrow('exactly one field');
  });

  test('and a queue have names that every store takes', () => {
    expect(() => job('a:b')).toThrow('not the name of a job');
    expect(() => queue('webhook')).toThrow('not the name of a queue');
    expect(() => queue('uapi-webhook-drain', 0)).toThrow('at least 1');
  });
});

describe('a catalogue', () => {
  test('names each queue once', () => {
    const jobs = createJobCatalogue([job('drain-endpoint'), job('mend-endpoint')]);
    expect(queuesOf(jobs).map(({ name }) => name)).toEqual(['uapi-webhook-drain']);
  });

  test('refuses a job declared twice, a queue declared in two ways, and a third queue of a service', () => {
    expect(() => createJobCatalogue([job('a'), job('a')])).toThrow('declared twice');
    expect(() => createJobCatalogue([job('a'), job('b', queue('uapi-webhook-drain', 2))])).toThrow('two ways');
    const three = ['x', 'y', 'z'].map((name) => job(name, queue(`uapi-webhook-${name}`)));
    expect(() => createJobCatalogue(three)).toThrow('more than 2 queues');
  });
});
