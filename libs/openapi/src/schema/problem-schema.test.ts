import { expect, test } from '@jest/globals';
import { toProblem } from '@universal-api/errors';
import { problemSchema } from './problem-schema.ts';

const full = toProblem('no_provider_available', 'id', {
  errors: [{ field: 'f', rule: 'r' }],
  candidates: [{ provider: 'p', reason: 'r', variable: 'V' }],
  retryAfterS: 1,
  violatedPolicies: ['p'],
});

test('knows every member that a problem document can have, and requires those it always has', () => {
  const properties = Object.keys(problemSchema['properties'] as object);
  expect(properties).toEqual(expect.arrayContaining(Object.keys(full)));
  expect((problemSchema['required'] as string[]).toSorted()).toEqual(
    Object.keys(toProblem('internal', 'id')).toSorted(),
  );
});
