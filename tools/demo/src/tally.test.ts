import { describe, expect, test } from '@jest/globals';
import { lineOf, summarise } from './tally.ts';
import { createDraw, nextPath } from './traffic.ts';

describe('the demonstration', () => {
  test('sends the same traffic for the same seed', () => {
    const paths = (seed: number) => {
      const draw = createDraw(seed);
      return Array.from({ length: 50 }, () => nextPath(draw));
    };
    expect(paths(7)).toEqual(paths(7));
    expect(paths(7)).not.toEqual(paths(8));
  });

  test('counts who answered the weather, and nothing that failed', () => {
    const calls = [
      { path: '/weather/current', status: 200, ms: 10, provider: 'open_meteo' },
      { path: '/weather/current', status: 503, ms: 30 },
      { path: '/countries/PE', status: 200, ms: 20, provider: 'local_countries' },
    ];
    const summary = summarise(calls);
    expect(summary).toMatchObject({ calls: 3, answered: 2, p50Ms: 20, weatherBy: [['open_meteo', 1]] });
    expect(lineOf(summary)).toBe('2/3 answered   p50 20 ms, p95 30 ms   weather by: open_meteo 1');
  });
});
