import { describe, expect, test } from '@jest/globals';
import { createProfileTable } from './profile-table.ts';

const cases = new Set(['success', 'server-error', 'notice-html']);
const playable = new Map([
  [
    'one',
    new Map([
      ['a.b', cases],
      ['a.c', new Set(['success'])],
    ]),
  ],
  ['two', new Map([['a.b', new Set(['success', 'malformed'])]])],
]);

describe('profiles', () => {
  test('of the operation come before those of the provider, and those before the ones for all', () => {
    const table = createProfileTable(
      { '*': 'latency(1,2) stall(0.1,5)', one: 'latency(3,4) fault(timeout,0.5)', 'one/a.b': 'fault(server-error,1)' },
      playable,
    );
    expect(table.profileOf('one', 'a.b')).toEqual({
      latency: { p50Ms: 3, p90Ms: 4 },
      stall: { probability: 0.1, ms: 5 },
      faults: [{ kind: 'server-error', probability: 1 }],
      quotas: [],
    });
    expect(table.profileOf('one', 'a.c').faults).toEqual([{ kind: 'timeout', probability: 0.5 }]);
    expect(table.profileOf('two', 'a.b')).toMatchObject({ latency: { p50Ms: 1 }, faults: [] });
  });

  test('have quotas that all hold, each counted over what it is for', () => {
    const table = createProfileTable({ '*': 'quota(9/s)', one: 'quota(5/m)', 'one/a.b': 'quota(1/s)' }, playable);
    expect(table.profileOf('one', 'a.b').quotas).toEqual([
      { limit: 1, windowS: 1, countedAs: 'one/a.b' },
      { limit: 5, windowS: 60, countedAs: 'one' },
      { limit: 9, windowS: 1, countedAs: '*/one' },
    ]);
  });

  test.each([
    [{ three: '' }, 'profile of three: there is no such provider'],
    [{ 'one/x.y': '' }, 'profile of one/x.y: the provider has no such operation'],
    [{ one: 'fault(malformed,1)' }, 'profile of one: no fixture has the case malformed'],
    [{ one: 'nonsense' }, 'profile of one: "nonsense" is not'],
  ])('%j are refused', (texts: Record<string, string>, why) => {
    expect(() => createProfileTable(texts, playable)).toThrow(why);
  });

  test('for all may have a fault that only some can play', () => {
    expect(() => createProfileTable({ '*': 'fault(malformed,1)' }, playable)).not.toThrow();
  });
});
