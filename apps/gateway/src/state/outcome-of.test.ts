import { describe, expect, test } from '@jest/globals';
import { errorCodes, type ErrorCode } from '@universal-api/errors';
import { outcomeOf } from './outcome-of.ts';

describe('whose doing the end of a call was', () => {
  test('an answer is ok, or degraded when it is less than was asked', () => {
    expect([outcomeOf('ok', false), outcomeOf('ok', true)]).toEqual(['ok', 'degraded']);
  });

  test.each([
    ['unauthenticated', 'auth'],
    ['invalid_token', 'auth'],
    ['permission_denied', 'auth'],
    ['quota_exceeded', 'limit'],
    ['invalid_request', 'client'],
    ['route_not_found', 'client'],
    ['not_found', 'client'],
    ['cancelled', 'client'],
    ['no_provider_available', 'provider'],
    ['provider_timeout', 'provider'],
    ['provider_unavailable', 'provider'],
    ['internal', 'us'],
    ['overloaded', 'us'],
    ['service_unavailable', 'us'],
    ['deadline_exceeded', 'us'],
    ['no_code_of_ours', 'us'],
  ])('%s is %s', (code, outcome) => expect(outcomeOf(code, false)).toBe(outcome));

  test('no refusal counts as an answer', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[])
      expect(outcomeOf(code, true)).not.toMatch(/^(ok|degraded)$/);
  });
});
