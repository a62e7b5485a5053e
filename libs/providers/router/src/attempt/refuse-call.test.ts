import { describe, expect, test } from '@jest/globals';
import { toProblem } from '@universal-api/errors';
import { answers, operation, tiny } from '../../test/tiny-providers.ts';
import { createChains } from '../candidates/candidate.ts';
import type { LeftOut } from '../candidates/reasons.ts';
import type { FailureCode } from './attempt-provider.ts';
import { refuseCall } from './refuse-call.ts';

const now = 1_800_000_000_000;
const auth = { kind: 'key', variable: 'ONE_KEY', sentIn: { header: 'x-key' } } as const;
const [one] = createChains([tiny('one', answers('yes'), { auth })], { now: () => now }).get(operation) ?? [];

function refuse(failed: readonly FailureCode[], leftOut: readonly LeftOut[] = []) {
  if (!one) throw new Error('no candidate');
  const error = refuseCall({ failed: failed.map((code) => ({ candidate: one, code })), leftOut, now });
  return toProblem(error.code, 'request', error.details);
}
const left = (reason: LeftOut['reason'], more: Partial<LeftOut> = {}): LeftOut => ({
  provider: 'two',
  reason,
  ...more,
});

describe('the word for a call that nobody answered', () => {
  test.each<[string, readonly FailureCode[], readonly LeftOut[]]>([
    ['provider_timeout', ['timeout', 'timeout'], []],
    ['provider_timeout', ['timeout'], [left('no_credential')]],
    ['provider_unavailable', ['timeout', 'retry_elsewhere'], []],
    ['provider_unavailable', ['retry_here'], []],
    ['provider_unavailable', ['overloaded'], []],
    ['provider_unavailable', ['auth', 'retry_elsewhere'], []],
    ['provider_unavailable', [], [left('breaker_open'), left('no_credential')]],
    ['provider_unavailable', [], [left('offline')]],
    ['provider_unavailable', ['auth'], []],
    ['provider_unavailable', ['malformed', 'malformed'], []],
    ['content_blocked', ['content_blocked'], []],
    ['no_provider_available', ['quota_exhausted'], []],
    ['no_provider_available', [], [left('quota'), left('no_egress')]],
    ['provider_unavailable', ['quota_exhausted'], [left('breaker_open')]],
    ['provider_unavailable', ['timeout', 'not_found'], []],
    ['provider_unavailable', ['empty'], [left('offline')]],
    ['no_provider_available', ['empty'], [left('quota')]],
  ])('%s for %j and %j', (code, failed, leftOut) => {
    expect(refuse(failed, leftOut).code).toBe(code);
  });

  test('names the variable of a credential that was refused', () => {
    expect(refuse(['auth']).candidates).toEqual([{ provider: 'one', reason: 'auth', variable: 'ONE_KEY' }]);
    expect(refuse(['auth']).next).toMatchObject({ action: 'enable', variable: 'ONE_KEY' });
  });
});

describe('what to do next', () => {
  test('wait for the first allowance that comes back', () => {
    const problem = refuse(
      [],
      [left('quota', { availableAt: now + 41_200 }), left('quota', { availableAt: now + 90_000 })],
    );
    expect(problem).toMatchObject({ retry_after: 42, next: { action: 'wait', after_s: 42 } });
  });

  test('enable, with the variable', () => {
    const problem = refuse([], [left('no_credential', { variable: 'TWO_KEY' })]);
    expect(problem.next).toEqual({ action: 'enable', variable: 'TWO_KEY' });
  });

  test('change the wishes that left nobody', () => {
    expect(refuse([], [left('not_in_only')]).next).toEqual({ action: 'fix', field: 'routing' });
  });

  test('use something else where nobody covers the question', () => {
    expect(refuse([], [left('out_of_coverage')]).next).toEqual({ action: 'use_other' });
  });
});
