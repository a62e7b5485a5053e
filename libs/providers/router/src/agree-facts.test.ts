import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agreementOf, circularMean, median, mostCommon } from './agree-facts.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const numbers = fc.array(number, { minLength: 1, maxLength: 9 });
const shuffled = (values: readonly number[]) =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

describe('the median', () => {
  test('has as many values above as below, and does not depend on their order', () => {
    const both = numbers.chain((values) => fc.tuple(fc.constant(values), shuffled(values)));
    fc.assert(
      fc.property(both, ([values, others]) => {
        const middle = median(values) ?? Number.NaN;
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(median(others)).toBe(middle);
      }),
    );
  });

  test('of three is not moved by one that is far off', () => {
    fc.assert(
      fc.property(number, (odd) => {
        const middle = median([1, 2, odd]);
        expect(middle).toBeGreaterThanOrEqual(1);
        expect(middle).toBeLessThanOrEqual(2);
      }),
    );
    expect([median([3]), median([1, 2]), median([])]).toEqual([3, 1.5, undefined]);
  });
});

describe('the mean direction', () => {
  const degrees = fc.double({ min: 0, max: 359, noNaN: true });

  test('of one is itself, and turns when all turn', () => {
    const apart = (one: number, other: number) => Math.abs(((one - other + 540) % 360) - 180);
    fc.assert(
      fc.property(degrees, degrees, fc.array(fc.double({ min: -40, max: 40, noNaN: true })), (base, turn, offsets) => {
        const all = [base, ...offsets.map((offset) => base + offset)];
        const mean = circularMean(all) ?? Number.NaN;
        const turned = circularMean(all.map((each) => each + turn)) ?? Number.NaN;
        expect(apart(turned, mean + turn)).toBeLessThan(1e-6);
        expect(apart(mean, base)).toBeLessThanOrEqual(40 + 1e-6);
        expect(apart(circularMean([base]) ?? Number.NaN, base)).toBeLessThan(1e-9);
      }),
    );
  });

  test('is in 0..360', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -720, max: 720, noNaN: true })), (all) => {
        const mean = circularMean(all) ?? 0;
        expect(mean).toBeGreaterThanOrEqual(0);
        expect(mean).toBeLessThan(360);
      }),
    );
    expect(circularMean([350, 10])).toBeCloseTo(0, 9);
    expect(circularMean([90, 180])).toBeCloseTo(135, 9);
  });

  test('of directions that cancel out is none', () => {
    expect([circularMean([0, 180]), circularMean([0, 120, 240]), circularMean([])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what most say', () => {
  test('is said by at least as many as anything else, the first of equals', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('rain', 'snow', 'clear'), { minLength: 1 }), (values) => {
        const said = mostCommon(values);
        const count = (wanted: string | undefined) => values.filter((value) => value === wanted).length;
        for (const value of values) expect(count(said)).toBeGreaterThanOrEqual(count(value));
        const equals = values.filter((value) => count(value) === count(said));
        expect(said).toBe(equals[0]);
      }),
    );
    expect(mostCommon([])).toBeUndefined();
  });
});

describe('agreement', () => {
  const limits = { high: 1, medium: 2 };

  test('goes by the spread alone', () => {
    expect([[1], [], [1, 1.99], [1, 2], [1, 2.99], [1, 3]].map((values) => agreementOf(values, limits))).toEqual([
      'single',
      'single',
      'high',
      'medium',
      'medium',
      'low',
    ]);
  });

  test('never grows when another source joins', () => {
    const order = ['high', 'medium', 'low'];
    const values = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(values, number, (given, another) => {
        const [before, after] = [agreementOf(given, limits), agreementOf([...given, another], limits)];
        expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
      }),
    );
  });
});
