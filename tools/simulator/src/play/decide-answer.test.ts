import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProfile } from '../profile/parse-profile.ts';
import { decideAnswer, type Decision } from './decide-answer.ts';
import { drawOf } from './draw.ts';
import { sampleLatency } from './sample-latency.ts';

function decide(text: string, seed: number, count: number, operation = 'a.b'): Decision[] {
  const profile = parseProfile(text);
  return Array.from({ length: count }, (_, n) => decideAnswer(profile, drawOf(seed, 'one', operation, n)));
}
const shareOf = (decisions: Decision[], is: (decision: Decision) => boolean) =>
  decisions.filter(is).length / decisions.length;

describe('what happens to a call', () => {
  test('is the same for the same seed, and another for another', () => {
    const text = 'latency(40,120) stall(0.1,1000) fault(timeout,0.2)';
    expect(decide(text, 7, 200)).toEqual(decide(text, 7, 200));
    expect(decide(text, 7, 200)).not.toEqual(decide(text, 8, 200));
    expect(decide(text, 7, 200)).not.toEqual(decide(text, 7, 200, 'a.c'));
  });

  test('keeps its time when only the faults are changed', () => {
    const times = (text: string) => decide(text, 7, 100).map(({ delayMs }) => delayMs);
    expect(times('latency(40,120) fault(malformed,1)')).toEqual(times('latency(40,120)'));
  });

  test('has about the shares that the profile says', () => {
    const decisions = decide('latency(40,120) stall(0.05,1000) fault(timeout,0.1) fault(malformed,0.3)', 1, 20_000);
    expect(shareOf(decisions, ({ outcome }) => outcome === 'timeout')).toBeCloseTo(0.1, 1.5);
    expect(shareOf(decisions, ({ outcome }) => outcome === 'malformed')).toBeCloseTo(0.3, 1.5);
    expect(shareOf(decisions, ({ isStalled }) => isStalled)).toBeCloseTo(0.05, 1.5);
    expect(shareOf(decisions, ({ isStalled, delayMs }) => isStalled && delayMs < 1000)).toBe(0);
  });

  test('certain faults always happen, impossible ones never', () => {
    expect(new Set(decide('fault(malformed,1)', 3, 500).map(({ outcome }) => outcome))).toEqual(new Set(['malformed']));
    expect(new Set(decide('fault(malformed,0)', 3, 500).map(({ outcome }) => outcome))).toEqual(new Set(['success']));
  });
});

describe('a latency', () => {
  test('has the median and the nine-tenths quantile of its profile', () => {
    const delays = decide('latency(40,120)', 1, 20_000)
      .map(({ delayMs }) => delayMs)
      .sort((a, b) => a - b);
    expect(Math.abs((delays[10_000] ?? 0) - 40)).toBeLessThan(2);
    expect(Math.abs((delays[18_000] ?? 0) - 120)).toBeLessThan(6);
  });

  test('grows with its place, is positive, and meets both quantiles exactly', () => {
    const latency = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }));
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(latency, place, place, ([a, b], one, other) => {
        const profile = { p50Ms: Math.min(a, b), p90Ms: Math.max(a, b) };
        expect(sampleLatency(profile, 0.5)).toBeCloseTo(profile.p50Ms, 3);
        expect(sampleLatency(profile, 0.9) / profile.p90Ms).toBeCloseTo(1, 5);
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(sampleLatency(profile, low)).toBeGreaterThan(0);
        expect(sampleLatency(profile, low)).toBeLessThanOrEqual(sampleLatency(profile, high) * (1 + 1e-9));
      }),
    );
  });
});
