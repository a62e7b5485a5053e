import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { metresBetween } from './metres-between.ts';

const point = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

test('distances are symmetric, never above half the circumference, and right for a known pair', () => {
  fc.assert(
    fc.property(point, point, (a, b) => {
      const metres = metresBetween(a, b);
      expect(metres).toBeGreaterThanOrEqual(0);
      expect(metres).toBeLessThanOrEqual(20_015_115);
      expect(metresBetween(b, a)).toBeCloseTo(metres, 3);
    }),
  );
  // One degree of a meridian on the mean sphere.
  expect(metresBetween({ lat: 0, lon: 0 }, { lat: 1, lon: 0 })).toBeCloseTo(111_195.08, 1);
});
