import { expect, test } from '@jest/globals';
import { createLruMap } from './lru-map.ts';

function setUp(max = 3) {
  const time = { ms: 0 };
  return { time, map: createLruMap<string, string | false>({ max, ttlMs: 5_000, clock: { now: () => time.ms } }) };
}

test('an entry lives for its time from being set, to the millisecond, and reading does not lengthen it', () => {
  const { map, time } = setUp();
  map.set('a', 'value');
  time.ms = 4_999;
  expect(map.get('a')).toBe('value');
  time.ms = 5_000;
  expect([map.get('a'), map.size()]).toEqual([undefined, 0]);
});

test('a shorter life may be given, a longer one may not', () => {
  const { map, time } = setUp();
  map.set('short', 'value', 1_000);
  map.set('long', 'value', 60_000);
  time.ms = 1_000;
  expect([map.get('short'), map.get('long')]).toEqual([undefined, 'value']);
  time.ms = 5_000;
  expect(map.get('long')).toBeUndefined();
});

test('a full map forgets what was used longest ago', () => {
  const { map } = setUp(2);
  map.set('a', 'a');
  map.set('b', 'b');
  map.get('a');
  map.set('c', 'c');
  expect([map.get('a'), map.get('b'), map.get('c'), map.size()]).toEqual(['a', undefined, 'c', 2]);
});

test('a false value is a value, and what is deleted or cleared is gone', () => {
  const { map } = setUp();
  map.set('a', false);
  map.set('b', 'b');
  expect(map.get('a')).toBe(false);
  map.delete('a');
  expect([map.get('a'), map.get('b')]).toEqual([undefined, 'b']);
  map.clear();
  expect([map.get('b'), map.size()]).toEqual([undefined, 0]);
});
