import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  codeOfFailure,
  cutProblem,
  errorCodes,
  failureClasses,
  grpcStatusOf,
  isErrorCode,
  maxProblemBytes,
  toProblem,
  type ErrorCode,
} from './index.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];
const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('the registry', () => {
  test.each(codes)('%s gives a problem that says what to do next, and a gRPC status', (code) => {
    const problem = toProblem(code, 'req-1');
    expect(['fix', 'retry', 'wait', 'enable', 'use_other']).toContain(problem.next.action);
    expect(problem.status).toBe(errorCodes[code].status);
    expect(problem.type).toMatch(/^(\/docs\/errors\/|https:\/\/iana\.org\/)/);
    expect(grpcStatusOf(code)).toBeGreaterThan(0);
  });

  test('every failure class has a code of the registry', () => {
    for (const failure of failureClasses) expect(isErrorCode(codeOfFailure[failure])).toBe(true);
  });

  test('only what a service cannot have decided on is retried between services', () => {
    expect(codes.filter((code) => grpcStatusOf(code) === 14)).toEqual(['service_unavailable', 'overloaded']);
  });
});

describe('next', () => {
  test('names the first refused field, the wait and the variable', () => {
    expect(toProblem('invalid_request', 'r', { errors: [{ field: 'lat', rule: 'x' }] }).next).toEqual({
      action: 'fix',
      field: 'lat',
    });
    expect(toProblem('quota_exceeded', 'r', { retryAfterS: 6 }).next).toEqual({ action: 'wait', after_s: 6 });
    const candidates = [
      { provider: 'a', reason: 'off' },
      { provider: 'b', reason: 'no key', variable: 'B_KEY' },
    ];
    expect(toProblem('no_provider_available', 'r', { candidates }).next).toEqual({
      action: 'enable',
      variable: 'B_KEY',
    });
  });
});

describe('cutting', () => {
  test('a problem of any size becomes at most 6 KiB and says that it was cut', () => {
    const field = fc.record({ field: fc.string({ maxLength: 200 }), rule: fc.string({ maxLength: 500 }) });
    fc.assert(
      fc.property(fc.array(field, { maxLength: 300 }), fc.string({ maxLength: 20_000 }), (errors, detail) => {
        const whole = toProblem('invalid_request', 'r', { errors, detail });
        const cut = cutProblem(whole);
        expect(sizeOf(cut)).toBeLessThanOrEqual(maxProblemBytes);
        expect(cut.truncated ?? false).toBe(sizeOf(whole) > maxProblemBytes);
      }),
      { numRuns: 50 },
    );
  });
});
