import { expect, test } from '@jest/globals';
import { loadConfig, z } from '@universal-api/config';
import { accountVariables, toAccountConfig } from './account-variables.ts';

const read = (environment: Record<string, string> = {}, cores = 8) =>
  toAccountConfig(loadConfig(z.object(accountVariables), environment), cores);

test('without a word everybody may register, on plan free, with hashes at the strength of the design', () => {
  expect(read()).toEqual({
    registration: 'open',
    defaultPlan: 'free',
    hashing: { memoryKib: 19_456, passes: 2, parallelism: 1, inFlight: 2, queued: 32 },
  });
});

test.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [64, 2],
])('of %i cores, %i hash at once', (cores, inFlight) => {
  expect(read({}, cores).hashing.inFlight).toBe(inFlight);
});

test.each([
  ['AUTH_ARGON_M_KIB', '19455'],
  ['AUTH_ARGON_T', '1'],
  ['AUTH_ARGON_P', '0'],
  ['AUTH_ARGON_IN_FLIGHT', '3'],
  ['AUTH_ARGON_IN_FLIGHT', '0'],
  ['AUTH_REGISTRATION', 'some'],
  ['AUTH_DEFAULT_PLAN', 'gold'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(name);
});
