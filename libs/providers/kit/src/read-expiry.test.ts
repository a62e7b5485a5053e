import { expect, test } from '@jest/globals';
import { readExpiry } from './read-expiry.ts';

const now = Date.UTC(2026, 10, 24, 12);

test.each([
  ['Expires', { expires: 'Tue, 24 Nov 2026 12:30:00 GMT' }, 1_800_000],
  ['max-age', { 'cache-control': 'public, max-age=60' }, 60_000],
  ['max-age before Expires', { 'cache-control': 'max-age=60', expires: 'Tue, 24 Nov 2026 12:30:00 GMT' }, 60_000],
  ['max-age less the age it has', { 'cache-control': 'max-age=60', age: '20' }, 40_000],
  ['an Expires in the past', { expires: 'Tue, 24 Nov 2020 12:30:00 GMT' }, 0],
  ['no-store', { 'cache-control': 'no-store, max-age=60' }, 0],
  ['more than a week', { 'cache-control': 'max-age=99999999' }, 604_800_000],
])('%s counts', (_name, headers, freshMs) => {
  expect(readExpiry(headers, now)).toBe(now + freshMs);
});

test('without a word, or with a date that is none, nothing is said', () => {
  expect(readExpiry({}, now)).toBeUndefined();
  expect(readExpiry({ expires: '0', 'cache-control': 'private' }, Date.parse('0'))).toBeDefined();
  expect(readExpiry({ expires: 'never' }, now)).toBeUndefined();
});
