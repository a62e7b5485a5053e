import { describe, expect, test } from '@jest/globals';
import { failureClasses } from '@universal-api/errors';
import type { FailureRule } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { classifyStatus } from './classify-status.ts';

const now = Date.UTC(2026, 10, 24, 12, 34, 56);
const answer = (status: number, body = '', headers: Record<string, string> = {}) => ({ status, body, headers });

describe('without a rule', () => {
  test.each([
    [200, undefined],
    [203, undefined],
    [301, 'malformed'],
    [400, 'malformed'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not_found'],
    [408, 'quota_exhausted'],
    [410, 'not_found'],
    [422, 'malformed'],
    [425, 'quota_exhausted'],
    [429, 'quota_exhausted'],
    [500, 'retry_elsewhere'],
    [503, 'retry_elsewhere'],
  ])('%i is %s', (status, failure) => {
    expect(classifyStatus(answer(status), [], now)?.failure).toBe(failure);
  });

  test('every status but 2xx has a class of the nine', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        const classified = classifyStatus(answer(status), [], now);
        if (status >= 200 && status < 300) expect(classified).toBeUndefined();
        else expect(failureClasses).toContain(classified?.failure);
      }),
    );
  });
});

describe('rules', () => {
  const rules: readonly FailureRule[] = [
    { status: 403, body: /quota/, failure: 'quota_exhausted', resets: 'day' },
    { header: 'x-blocked', failure: 'content_blocked' },
    { body: /"error"/, failure: 'malformed' },
    { body: /late/, failure: 'empty' },
  ];

  test('the first rule whose parts all match decides, before the status', () => {
    expect(classifyStatus(answer(403, 'quota spent'), rules, now)?.failure).toBe('quota_exhausted');
    expect(classifyStatus(answer(403, 'go away'), rules, now)?.failure).toBe('auth');
    expect(classifyStatus(answer(200, '', { 'x-blocked': '1' }), rules, now)?.failure).toBe('content_blocked');
  });

  test('a notice under 200 is not an answer', () => {
    expect(classifyStatus(answer(200, '{"error":true}'), rules, now)?.failure).toBe('malformed');
    expect(classifyStatus(answer(200, '{"data":1}'), rules, now)).toBeUndefined();
  });

  test('only the first 2 KiB are looked at', () => {
    expect(classifyStatus(answer(200, `${' '.repeat(2044)}late`), rules, now)?.failure).toBe('empty');
    expect(classifyStatus(answer(200, `${' '.repeat(2045)}late`), rules, now)).toBeUndefined();
  });
});

describe('until when a quota is spent', () => {
  test('is what Retry-After says', () => {
    const classified = classifyStatus(answer(429, '', { 'retry-after': '30' }), [], now);
    expect(classified?.until).toEqual(new Date(now + 30_000));
  });

  test.each([
    ['minute', '2026-11-24T12:35:00.000Z'],
    ['hour', '2026-11-24T13:00:00.000Z'],
    ['day', '2026-11-25T00:00:00.000Z'],
  ] as const)('else the next full %s of the rule', (resets, until) => {
    const classified = classifyStatus(answer(429), [{ status: 429, failure: 'quota_exhausted', resets }], now);
    expect(classified?.until?.toISOString()).toBe(until);
  });

  test('is not known without either, and never said of another class', () => {
    expect(classifyStatus(answer(429), [], now)).toEqual({ failure: 'quota_exhausted' });
    expect(classifyStatus(answer(503, '', { 'retry-after': '30' }), [], now)).toEqual({ failure: 'retry_elsewhere' });
  });
});
