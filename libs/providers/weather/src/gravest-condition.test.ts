import { expect, test } from '@jest/globals';
import { weatherConditions } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { gravestCondition } from './gravest-condition.ts';

test('a day is named after its gravest condition', () => {
  expect(gravestCondition(['cloudy', 'thunderstorm', 'snow'])).toBe('thunderstorm');
  expect(gravestCondition(['clear', 'partly_cloudy'])).toBe('partly_cloudy');
  expect(gravestCondition(['partly_cloudy', 'cloudy'])).toBe('cloudy');
  expect(gravestCondition([])).toBe('unknown');
});

test('every condition but unknown has its place, and one of those that were there is chosen', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...weatherConditions), { minLength: 1 }), (found) => {
      expect(found).toContain(gravestCondition(found));
    }),
  );
});
