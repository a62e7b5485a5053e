import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatProfile } from './format-profile.ts';
import { parseProfile } from './parse-profile.ts';
import type { FaultKind, Profile } from './profile.ts';

const ms = fc.integer({ min: 1, max: 600_000 });
const probability = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const kind: fc.Arbitrary<FaultKind> = fc.oneof(
  fc.constantFrom<FaultKind[]>('rate-limited', 'server-error', 'unauthorised', 'malformed', 'timeout'),
  fc.stringMatching(/^[a-z0-9-]{1,8}$/).map((which): FaultKind => `notice-${which}`),
);
const profile: fc.Arbitrary<Profile> = fc.record({
  latency: fc.option(
    fc.tuple(ms, ms).map(([a, b]) => ({ p50Ms: Math.min(a, b), p90Ms: Math.max(a, b) })),
    { nil: undefined },
  ),
  stall: fc.option(fc.record({ probability, ms }), { nil: undefined }),
  quotas: fc.array(fc.record({ limit: fc.integer({ min: 1, max: 1e6 }), windowS: fc.integer({ min: 1, max: 4e6 }) }), {
    maxLength: 4,
  }),
  faults: fc
    .uniqueArray(kind, { maxLength: 4 })
    .map((kinds) => kinds.map((name) => ({ kind: name, probability: 0.25 }))),
});

describe('the grammar of profiles', () => {
  test('what is written is read back, in any order and spacing', () => {
    fc.assert(
      fc.property(profile, (wanted) => {
        const text = formatProfile(wanted);
        expect(parseProfile(text)).toEqual(wanted);
        const turned = text.split(' ').reverse().join('\n  ');
        const read = parseProfile(` ${turned} `);
        expect({ ...read, quotas: new Set(read.quotas), faults: new Set(read.faults) }).toEqual({
          ...wanted,
          quotas: new Set(wanted.quotas),
          faults: new Set(wanted.faults),
        });
      }),
    );
  });

  test('any text is read or refused with a sentence, never with another error', () => {
    const piece = fc.constantFrom(
      'latency(',
      'stall(',
      'quota(',
      'fault(',
      ')',
      ',',
      '/',
      '1',
      '0.5',
      's',
      'timeout',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            expect(parseProfile(formatProfile(parseProfile(text)))).toEqual(parseProfile(text));
          } catch (error) {
            expect((error as Error).message).toMatch(/ (is not|needs|stands|has a kind|must not) ?/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['', { quotas: [], faults: [] }],
    ['latency(40,120)', { latency: { p50Ms: 40, p90Ms: 120 }, quotas: [], faults: [] }],
    ['latency(0,0)', { latency: { p50Ms: 0, p90Ms: 0 }, quotas: [], faults: [] }],
    ['stall(0.05,1000)', { stall: { probability: 0.05, ms: 1000 }, quotas: [], faults: [] }],
    ['quota(1/s)', { quotas: [{ limit: 1, windowS: 1 }], faults: [] }],
    [
      'quota(600/1m) quota(100/31d)',
      {
        quotas: [
          { limit: 600, windowS: 60 },
          { limit: 100, windowS: 2_678_400 },
        ],
        faults: [],
      },
    ],
    ['fault(notice-html,1)', { quotas: [], faults: [{ kind: 'notice-html', probability: 1 }] }],
  ])('%j is read', (text, read) => {
    expect(parseProfile(text)).toEqual(read);
  });

  test.each([
    ['latency(120,40)', '"latency(120,40)" needs 0 < p50'],
    ['latency(0,5)', 'needs 0 < p50'],
    ['latency(1,2) latency(1,2)', 'stands twice'],
    ['stall(2,100)', 'needs a probability'],
    ['quota(0/s)', 'needs a limit'],
    ['quota(1/0s)', 'needs a limit'],
    ['quota(1/y)', 'is not latency'],
    ['fault(empty,1)', 'is not latency'],
    ['fault(timeout,0.7) fault(malformed,0.7)', 'must not exceed 1'],
    ['fault(timeout,0.1) fault(timeout,0.1)', 'stands twice'],
    ['toString(1,1)', 'is not latency'],
    ['speed(1)', 'is not latency'],
  ])('%j is refused', (text, why) => {
    expect(() => parseProfile(text)).toThrow(why);
  });
});
