import { expect, test } from '@jest/globals';
import { ProviderFailure } from './provider-failure.ts';

test('a failure is known by its marker, also one of another copy of the class', () => {
  const failure = new ProviderFailure({ provider: 'x', failure: 'auth', internal: 'why', status: 401 });
  expect(failure).toMatchObject({ provider: 'x', failure: 'auth', message: 'why', status: 401 });
  expect(ProviderFailure.is(failure)).toBe(true);
  expect(ProviderFailure.is({ [Symbol.for('universal-api.provider-failure')]: true })).toBe(true);
  for (const other of [new Error('x'), { failure: 'auth' }, null, undefined, 'auth']) {
    expect(ProviderFailure.is(other)).toBe(false);
  }
});

test('without a text of its own it says who and how', () => {
  expect(new ProviderFailure({ provider: 'x', failure: 'empty' }).message).toBe('x: empty');
});
