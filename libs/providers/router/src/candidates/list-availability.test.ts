import { describe, expect, test } from '@jest/globals';
import { answers, ask, fails, operation, tiny, tinyLocal, tinyRouter } from '../../test/tiny-providers.ts';

const yes = answers('yes');

describe('who may answer now', () => {
  test('those permitted stand first, in the order of attempt; the others with their reason', () => {
    const { router } = tinyRouter([
      tiny('keyed', yes, {}, { leftOut: { provider: 'keyed', reason: 'no_credential', variable: 'KEYED_KEY' } }),
      tiny('open', yes, { operations: { [operation]: { lineage: 'spring' } } }),
      tinyLocal('own', yes),
    ]);
    expect(router.available(operation)).toEqual([
      expect.objectContaining({ provider: 'open', kind: 'remote', lineage: 'spring', isPassing: false }),
      expect.objectContaining({ provider: 'own', kind: 'local', lineage: 'own', isPassing: false }),
      expect.objectContaining({ provider: 'keyed', reason: 'no_credential', variable: 'KEYED_KEY', isPassing: false }),
    ]);
    expect(
      router
        .available(operation)
        .slice(0, 2)
        .map(({ reason }) => reason),
    ).toEqual([undefined, undefined]);
  });

  test('wishes and coverage are heard', () => {
    const { router } = tinyRouter([
      tiny('one', yes),
      tiny('french', yes, { operations: { [operation]: { languages: ['fr'] } } }),
    ]);
    const query = { wishes: { only: ['french'], order: [], ignore: [] }, coverage: { language: 'en' } };
    expect(router.available(operation, query).map(({ provider, reason }) => [provider, reason])).toEqual([
      ['one', 'not_in_only'],
      ['french', 'out_of_coverage'],
    ]);
  });

  test('an open breaker is told of as passing, and asking counts nothing', async () => {
    const { router, clock } = tinyRouter([tiny('down', fails('retry_elsewhere'))]);
    for (let index = 0; index < 5; index += 1) {
      await router.route(ask(clock.now(), { cacheClass: 'none' })).catch(() => undefined);
    }
    expect(router.available(operation)).toEqual([expect.objectContaining({ reason: 'breaker_open', isPassing: true })]);
    expect(router.available(operation)).toEqual(router.available(operation));
  });

  test('an operation that nobody has is available from nobody', () => {
    expect(tinyRouter([]).router.available('tests.none')).toEqual([]);
  });
});
