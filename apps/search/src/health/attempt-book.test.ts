import { describe, expect, test } from '@jest/globals';
import { createAttemptBook } from './attempt-book.ts';
import { isSound } from './is-sound.ts';

function openBook() {
  let at = 1_000_000;
  const book = createAttemptBook(() => at);
  return {
    book,
    later: (ms: number) => (at += ms),
    attempt: (provider: string, isSoundOne: boolean, ms = 10) => book.record({ provider, isSound: isSoundOne, ms }),
    async entries() {
      const found = book.dependencies().map(async ({ name, probe }) => [name, await probe()] as const);
      return Object.fromEntries(await Promise.all(found));
    },
  };
}

describe('providers, by five minutes of attempts', () => {
  test('none was asked: idle', async () => {
    expect(await openBook().entries()).toEqual({ providers: { status: 'healthy', detailCode: 'idle' } });
  });

  test('each has an entry with the mean of its times', async () => {
    const { attempt, entries } = openBook();
    attempt('b', true, 30);
    attempt('b', true, 10);
    attempt('a', true, 5);
    expect(await entries()).toEqual({
      'providers.a': { status: 'healthy', detailCode: 'ok', latencyMs: 5 },
      'providers.b': { status: 'healthy', detailCode: 'ok', latencyMs: 20 },
    });
  });

  test('one that fails half of five attempts is failing, and its entry alone', async () => {
    const { attempt, entries } = openBook();
    for (const isWell of [true, true, false, false]) attempt('a', isWell);
    attempt('b', true);
    expect(await entries()).toMatchObject({ 'providers.a': { status: 'healthy' } });
    attempt('a', false);
    expect(await entries()).toMatchObject({
      'providers.a': { status: 'degraded', detailCode: 'failing' },
      'providers.b': { status: 'healthy' },
    });
  });

  test('what is older than five minutes is forgotten', async () => {
    const { attempt, entries, later } = openBook();
    for (let count = 0; count < 5; count += 1) attempt('a', false);
    later(4 * 60_000);
    expect(await entries()).toMatchObject({ 'providers.a': { status: 'degraded' } });
    attempt('b', true);
    later(60_001);
    expect(Object.keys(await entries())).toEqual(['providers.b']);
  });
});

test.each([
  ['ok', '', true],
  ['failed', 'not_found', true],
  ['failed', 'quota_exhausted', true],
  ['failed', 'timeout', false],
  ['failed', 'malformed', false],
  ['failed', 'auth', false],
] as const)('an attempt that ended %s %s: sound %p', (outcome, code, expected) => {
  expect(isSound({ outcome, code })).toBe(expected);
});
