import { describe, expect, test } from '@jest/globals';
import { topics } from '@universal-api/events';
import { toPublicId } from '@universal-api/ids';
import { readWords } from './read-words.ts';

const now = new Date('2026-01-02T10:00:00Z');
const read = (...words: string[]) => readWords(words, now);
const tenant = '0190b5c2-7a10-7000-8000-00000000000a';

describe('the words', () => {
  test('nothing: every event from now on, for people', () => {
    expect(read()).toEqual({ filter: { types: [], topics }, isJson: false, isFollowing: true, isHelp: false });
  });

  test('types and topics are repeated or joined by commas', () => {
    const words = ['--type', 'a.b,c.*', '--type=d.e', '--topic', 'uapi.search.v1'];
    expect(read(...words).filter).toEqual({ types: ['a.b', 'c.*', 'd.e'], topics: ['uapi.search.v1'] });
  });

  test('a tenant is named by its UUID or its public id', () => {
    for (const id of [tenant, toPublicId('tenant', tenant)]) expect(read('--tenant', id).filter.tenantId).toBe(tenant);
  });

  test.each([
    ['90s', '2026-01-02T09:58:30.000Z'],
    ['10m', '2026-01-02T09:50:00.000Z'],
    ['2h', '2026-01-02T08:00:00.000Z'],
    ['1d', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T00:00:00+02:00', '2025-12-31T22:00:00.000Z'],
    ['2026-01-01', '2026-01-01T00:00:00.000Z'],
  ])('--from %s is %s', (text, time) => expect(read('--from', text).from?.toISOString()).toBe(time));

  test('the rest', () => {
    expect(read('--json', '--no-follow', '--help', '--subject', 'srch_1')).toMatchObject({
      filter: { subject: 'srch_1' },
      isJson: true,
      isFollowing: false,
      isHelp: true,
    });
  });
});

describe('refused, with the reason', () => {
  test.each([
    ['--topic', 'uapi.none.v1', 'there is no uapi.none.v1'],
    ['--tenant', 'somebody', 'somebody is no id of a tenant'],
    ['--from', 'yesterday', 'yesterday is no time'],
    ['--from', '2026-13-01', '2026-13-01 is no time'],
    ['--unknown', 'x', "'--unknown'"],
  ])('%s %s', (word, value, reason) => expect(() => read(word, value)).toThrow(reason));
});
