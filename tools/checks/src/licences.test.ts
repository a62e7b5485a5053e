import { describe, expect, test } from '@jest/globals';
import { isAllowed } from './licences.ts';

describe('licences', () => {
  test.each(['MIT', '(MIT OR GPL-3.0)', 'MIT AND Apache-2.0', 'ISC OR GPL-2.0'])(
    '%s may be in the product',
    (licence) => {
      expect(isAllowed(licence, false)).toBe(true);
    },
  );

  test.each(['GPL-3.0', 'MIT AND GPL-3.0', '', 'UNLICENSED', 'MPL-2.0'])('%s may not', (licence) => {
    expect(isAllowed(licence, false)).toBe(false);
  });

  test('MPL-2.0 may test it', () => expect(isAllowed('MPL-2.0', true)).toBe(true));
});
