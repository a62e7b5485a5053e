import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toAlerts, type CapWarning } from './cap-warning.ts';
import { plainText } from './plain-text.ts';

const text = fc.option(
  fc.oneof(
    fc.string(),
    fc.constantFrom('N/A', ' <b>Wind</b> &amp;lt;i&gt; ', '&nbsp;', '&#60;p&#62;', 'Severe', 'en-GB'),
  ),
  { nil: undefined },
);
const warnings: fc.Arbitrary<CapWarning[]> = fc.array(
  fc.record(
    {
      id: fc.constantFrom('a', 'b', ' ', 'c'),
      event: text,
      severity: fc.constantFrom('Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown', 'strange'),
      urgency: text,
      headline: text,
      description: text,
      area: text,
      startsAt: text,
      endsAt: fc.constantFrom('2026-11-24T12:00:00Z', '2026-11-25T12:00:00+01:00', 'soon'),
      language: text,
      url: fc.constantFrom('http://example.org/', 'https://example.org/w', 'w'),
    },
    { requiredKeys: ['id'] },
  ),
);
const now = Date.parse('2026-11-25T00:00:00Z');

describe('warnings', () => {
  test('carry only what is known, each id once, none that has ended, the most severe first', () => {
    fc.assert(
      fc.property(warnings, (given) => {
        const alerts = toAlerts('x', 'Issuer', given, now);
        expect(checkAnswer(alerts)).toEqual([]);
        expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
        for (const { endsAt, url } of alerts) {
          if (endsAt) expect(endsAt.getTime()).toBeGreaterThan(now);
          if (url) expect(url).toMatch(/^https:/);
        }
        const order = ['extreme', 'severe', 'moderate', 'minor', 'unknown'];
        const ranks = alerts.map(({ severity }) => order.indexOf(severity));
        expect(ranks).toEqual([...ranks].sort());
      }),
    );
  });

  test('that ends this very moment is over', () => {
    const given = { id: 'a', event: 'Wind', area: 'Here', endsAt: new Date(now).toISOString() };
    expect(toAlerts('x', 'Issuer', [given], now)).toEqual([]);
    expect(toAlerts('x', 'Issuer', [given], now - 1)).toHaveLength(1);
  });
});

describe('plain text', () => {
  test.each([
    ['<p>Wind &amp; rain</p>', 'Wind & rain'],
    ['5 &lt; 6', '5 < 6'],
    ['&amp;amp;', '&'],
    ['caf&#233; &#xe9;', 'café é'],
    ['&#0;&#55296;&bogus;', undefined],
    ['n/a', undefined],
    [7, undefined],
  ])('of %j is %j', (given, expected) => {
    expect(plainText(given)).toBe(expected);
  });
});
