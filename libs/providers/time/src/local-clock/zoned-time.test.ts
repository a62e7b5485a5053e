import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayOfYearOf, isoWeekOf } from './zoned-time.ts';

/** Week by counting: weeks of a year are numbered from the Monday of the week that holds 4 January. */
function weekByCounting(ms: number): number {
  const day = 86_400_000;
  const monday = (at: number) => at - ((new Date(at).getUTCDay() + 6) % 7) * day;
  const firstMonday = (year: number) => monday(Date.UTC(year, 0, 4));
  const midnight = Math.floor(ms / day) * day;
  const year = new Date(midnight).getUTCFullYear();
  const start = [year + 1, year, year - 1].map(firstMonday).find((first) => first <= midnight);
  return Math.round((monday(midnight) - (start ?? 0)) / (7 * day)) + 1;
}

describe('the ISO week', () => {
  test.each([
    ['2020-12-31', 53],
    ['2021-01-03', 53],
    ['2021-01-04', 1],
    ['2018-12-31', 1],
    ['2016-01-01', 53],
    ['2024-12-30', 1],
    ['2026-12-31', 53],
    ['2027-01-01', 53],
  ])('of %s is %d', (date, week) => {
    expect(isoWeekOf(Date.parse(date))).toBe(week);
  });

  test('agrees with counting Mondays, on any day', () => {
    const anyTime = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) });
    fc.assert(fc.property(anyTime, (ms) => expect(isoWeekOf(ms)).toBe(weekByCounting(ms))));
  });
});

describe('the day of the year', () => {
  test.each([
    ['2024-12-31', 366],
    ['2023-12-31', 365],
    ['1900-12-31', 365],
    ['2000-12-31', 366],
    ['2024-02-29', 60],
    ['2026-01-01', 1],
  ])('of %s is %d', (date, day) => {
    expect(dayOfYearOf(Date.parse(date))).toBe(day);
    expect(dayOfYearOf(Date.parse(date) + 86_399_999)).toBe(day);
  });
});
