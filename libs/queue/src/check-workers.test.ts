import { describe, expect, test } from '@jest/globals';
import { z } from '@universal-api/config';
import { checkWorkers } from './check-workers.ts';
import { defineJob, defineQueue } from './job-catalogue.ts';

const queue = defineQueue({ name: 'uapi-webhook-drain', concurrency: 1 });
const job = (name: string) => defineJob({ name, queue, data: z.strictObject({ id: z.string() }) });
const [first, second] = [job('first'), job('second')];

describe('workers', () => {
  test('all, each once, or none at all', () => {
    checkWorkers([first, second], [second, first]);
    checkWorkers([first, second], []);
  });

  test('one missing, twice or unknown ends the start and is named', () => {
    expect(() => checkWorkers([first, second], [first])).toThrow('Nobody works on second.');
    expect(() => checkWorkers([first], [first, first])).toThrow('Job first has more than one worker.');
    expect(() => checkWorkers([first], [first, second])).toThrow(
      'Job second has a worker and is not in the catalogue.',
    );
  });
});
