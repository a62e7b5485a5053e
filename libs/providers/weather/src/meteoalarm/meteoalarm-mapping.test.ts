import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toWarningsAt } from './meteoalarm-mapping.ts';
import { meteoalarmFeed } from './meteoalarm-schema.ts';
import { isInside, readRing } from './polygon.ts';

const text = fc.option(fc.string());
const square = '0,0 0,10 10,10 10,0 0,0';
const area = fc.record(
  { areaDesc: text, polygon: fc.constantFrom(null, 'broken', square, [square, '1,1']) },
  { requiredKeys: [] },
);
const info = fc.record(
  {
    language: fc.constantFrom('en-GB', 'de-DE', null, '??'),
    event: text,
    severity: text,
    headline: text,
    description: text,
    expires: text,
    web: text,
    area: fc.array(area, { maxLength: 3 }),
    parameter: fc.constantFrom([], [{ valueName: 'awareness_level', value: '1; green; Minor' }]),
  },
  { requiredKeys: [] },
);
const feeds = fc
  .array(fc.record({ identifier: fc.string(), msgType: fc.constantFrom('Alert', 'Cancel'), info: fc.array(info) }))
  .map((alerts) => meteoalarmFeed.parse({ warnings: alerts.map((alert) => ({ alert })) }));

describe('meteoalarm mapping', () => {
  test('warnings carry nothing that is not known, and never more are unplaced than there are', () => {
    fc.assert(
      fc.property(feeds, fc.constantFrom('en', 'de', 'fr-CH'), (feed, language) => {
        const { alerts, unplaced } = toWarningsAt(feed, { lat: 5, lon: 5 }, language, 0);
        expect(checkAnswer(alerts)).toEqual([]);
        expect(unplaced).toBeLessThanOrEqual(alerts.length);
      }),
    );
  });

  test('one whose outlines are all elsewhere does not hold here', () => {
    const warning = { event: 'Wind', area: [{ areaDesc: 'There', polygon: square }] };
    const feed = meteoalarmFeed.parse({ warnings: [{ alert: { identifier: 'a', info: [warning] } }] });
    expect(toWarningsAt(feed, { lat: 5, lon: 5 }, 'en', 0).alerts).toHaveLength(1);
    expect(toWarningsAt(feed, { lat: 5, lon: 15 }, 'en', 0)).toEqual({ alerts: [], unplaced: 0 });
  });
});

describe('a polygon', () => {
  const coordinate = fc.double({ min: -80, max: 80, noNaN: true });

  test('holds what lies between its sides, and nothing outside of its bounds', () => {
    const side = fc.double({ min: 0.01, max: 20, noNaN: true });
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, side, side, share, share, (south, west, height, width, up, right) => {
        const [north, east] = [south + height, west + width];
        const ring = readRing(`${south},${west} ${south},${east} ${north},${east} ${north},${west}`);
        if (!ring) throw new Error('no ring');
        expect(isInside(ring, { lat: south + up * height, lon: west + right * width })).toBe(true);
        expect(isInside(ring, { lat: north + up, lon: west + right * width })).toBe(false);
        expect(isInside(ring, { lat: south - up, lon: west + right * width })).toBe(false);
        expect(isInside(ring, { lat: south + up * height, lon: east + up })).toBe(false);
        expect(isInside(ring, { lat: south + up * height, lon: west - up })).toBe(false);
      }),
    );
  });

  test('that cannot be read is none', () => {
    expect([readRing(''), readRing('1,2 3,4'), readRing('1,2 3,4 x,5'), readRing('1 2 3')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
