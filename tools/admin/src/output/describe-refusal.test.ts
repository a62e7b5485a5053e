import { expect, test } from '@jest/globals';
import { AppError, errorCodes, isErrorCode } from '@universal-api/errors';
import { describeRefusal } from './describe-refusal.ts';

test('every code of the registry is what happened and what to do, as sentences', () => {
  for (const code of Object.keys(errorCodes)) {
    if (!isErrorCode(code)) throw new Error(code);
    expect(describeRefusal(new AppError(code))).toMatch(/^\S.+\. \S.+\.$/);
  }
});

test('the service’s own words come first, then each field', () => {
  const errors = [
    { field: 'plan', rule: 'one of free, pro' },
    { field: 'name', rule: 'is missing' },
  ];
  expect(describeRefusal(new AppError('invalid_request', { detail: 'Not so.', errors }))).toBe(
    'Not so (plan: one of free, pro; name: is missing). Correct the command line; --help says how it is written.',
  );
});

test('what is meant for logs alone is not repeated', () => {
  const text = describeRefusal(new AppError('conflict', { internal: 'swordfish' }));
  expect(text).not.toContain('swordfish');
});
