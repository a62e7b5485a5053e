import { describe, expect, test } from '@jest/globals';
import { createRevocations } from './revocations.ts';

const token = { sid: 'session', sub: 'user', tid: 'tenant', iat: 100 };

function setUp() {
  const time = { ms: 1_000_000 };
  return { time, revocations: createRevocations(() => time.ms) };
}

describe('an access token', () => {
  test.each([
    ['session', 'session', 0],
    ['session', 'session', 200_000],
    ['user', 'user', 100_001],
    ['user', 'user/tenant', 100_001],
    ['tenant', 'tenant', 100_001],
  ])('is refused once its %s %s ended, at %i ms', (kind, id, atMs) => {
    const { revocations } = setUp();
    expect(revocations.isTokenRevoked(token)).toBe(false);
    revocations.add(kind, id, atMs);
    expect(revocations.isTokenRevoked(token)).toBe(true);
  });

  test.each([
    ['user', 'user', 100_000],
    ['tenant', 'tenant', 99_000],
    ['user', 'user/elsewhere', 200_000],
    ['user', 'other', 200_000],
    ['session', 'other', 200_000],
    ['key', 'session', 200_000],
    ['nonsense', 'user', 200_000],
  ])('is good though %s %s ended at %i ms: made since, or of somebody else', (kind, id, atMs) => {
    const { revocations } = setUp();
    revocations.add(kind, id, atMs);
    expect(revocations.isTokenRevoked(token)).toBe(false);
  });

  test('stays refused when an older end is told after a younger one', () => {
    const { revocations } = setUp();
    revocations.add('user', 'user', 200_000);
    revocations.add('user', 'user', 50_000);
    expect(revocations.isTokenRevoked(token)).toBe(true);
  });
});

test('an end is known for an hour after it was told, and then takes no memory', () => {
  const { revocations, time } = setUp();
  revocations.add('session', 'session', 0);
  time.ms += 3_599_999;
  revocations.add('session', 'other', 0);
  expect(revocations.isTokenRevoked(token)).toBe(true);
  time.ms += 1;
  revocations.add('session', 'third', 0);
  expect(revocations.isTokenRevoked(token)).toBe(false);
  expect(revocations.isTokenRevoked({ ...token, sid: 'other' })).toBe(true);
});
