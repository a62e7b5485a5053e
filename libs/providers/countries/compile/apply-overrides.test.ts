import { expect, test } from '@jest/globals';
import { applyOverrides } from './apply-overrides.ts';

test('an override of a country that the source does not have is refused', () => {
  expect(() => applyOverrides([], [{ code: 'XX', source: 'nothing', date: '2026' }])).toThrow(/XX/);
});
