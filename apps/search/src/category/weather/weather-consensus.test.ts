import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import type { AnswerMeta, Availability } from '@universal-api/providers-router';
import { weatherConditions, type CurrentWeather } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { firstOfEachLineage } from '../ask-each.ts';
import { agreeOnWeather } from './weather-consensus.ts';

const value = fc.double({ min: -80, max: 1100, noNaN: true });
const weather: fc.Arbitrary<CurrentWeather> = fc.record(
  {
    observedAt: fc.date({ noInvalidDate: true }),
    temperatureC: fc.double({ min: -60, max: 60, noNaN: true }),
    humidityPct: value,
    pressureHpa: value,
    windDirectionDeg: fc.double({ min: 0, max: 360, noNaN: true }),
    uvIndex: value,
    condition: fc.constantFrom(...weatherConditions),
    wmoCode: fc.integer({ min: 0, max: 99 }),
    isDay: fc.boolean(),
  },
  { requiredKeys: ['observedAt', 'temperatureC', 'condition'] },
);
const toRouted = (answer: CurrentWeather, index: number) => ({
  answer,
  meta: { provider: `p${index}` } as AnswerMeta,
});

describe('weather that several agree on', () => {
  test('lies between what they say, says nothing that nobody said, and lists each', () => {
    fc.assert(
      fc.property(fc.array(weather, { minLength: 1, maxLength: 3 }), (all) => {
        const agreed = agreeOnWeather(all.map(toRouted));
        if (!agreed) throw new Error('no answer');
        expect(checkAnswer(agreed)).toEqual([]);
        const temperatures = all.map(({ temperatureC }) => temperatureC);
        expect(agreed.temperatureC).toBeGreaterThanOrEqual(Math.min(...temperatures) - 0.01);
        expect(agreed.temperatureC).toBeLessThanOrEqual(Math.max(...temperatures) + 0.01);
        expect(all.map(({ condition }) => condition)).toContain(agreed.condition);
        for (const name of ['humidityPct', 'uvIndex', 'isDay', 'feelsLikeC'] as const) {
          expect(agreed[name] !== undefined).toBe(all.some((each) => each[name] !== undefined));
        }
        expect(agreed.sources?.map(({ provider }) => provider)).toEqual(all.map((_, index) => `p${index}`));
        expect(agreed.agreement === 'single').toBe(all.length === 1);
      }),
    );
  });

  test('of nobody is none', () => {
    expect(agreeOnWeather([])).toBeUndefined();
  });

  test('has the code of the condition that it has', () => {
    const base = { observedAt: new Date(0), temperatureC: 1 };
    const agreed = agreeOnWeather(
      [
        { ...base, condition: 'snow' as const, wmoCode: 71 },
        { ...base, condition: 'rain' as const },
        { ...base, condition: 'rain' as const, wmoCode: 61 },
      ].map(toRouted),
    );
    expect(agreed).toMatchObject({ condition: 'rain', wmoCode: 61, agreement: 'high' });
  });
});

describe('the first of each lineage', () => {
  const chain = (...members: readonly [provider: string, lineage: string, reason?: Availability['reason']][]) =>
    members.map(([provider, lineage, reason]): Availability => ({
      provider,
      lineage,
      reason,
      kind: 'remote',
      licence: '',
      attribution: '',
      isPassing: false,
    }));

  test('are those who may answer, in their order, at most so many', () => {
    const members = chain(['a', 'x', 'breaker_open'], ['b', 'x'], ['c', 'x'], ['d', 'y'], ['e', 'z'], ['f', 'w']);
    expect(firstOfEachLineage(members, 3)).toEqual(['b', 'd', 'e']);
    expect(firstOfEachLineage([], 3)).toEqual([]);
  });
});
