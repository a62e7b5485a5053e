import { expect, test } from '@jest/globals';
import { osUser } from './os-user.ts';

const named = (username: string) => () => ({ username });
const nameless = () => {
  throw new Error('ENOENT');
};

test.each([
  ['ada', osUser(named('ada'), 7)],
  ['a_b_c', osUser(named('a b\nc'), 7)],
  ['uid-7', osUser(nameless, 7)],
  ['unknown', osUser(nameless, undefined)],
  ['a'.repeat(32), osUser(named('a'.repeat(99)), 7)],
])('%s', (expected, found) => {
  expect(found).toBe(expected);
});
