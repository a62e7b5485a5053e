import { expect, test } from '@jest/globals';
import { within } from './within.ts';

test('what ends in time is its result, what does not is left', async () => {
  expect(await within(60_000, Promise.resolve('done'))).toBe('done');
  expect(await within(1, new Promise(() => {}))).toBeUndefined();
  await expect(within(60_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
