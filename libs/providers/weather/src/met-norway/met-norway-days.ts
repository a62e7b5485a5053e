import type { DailyForecast, WeatherCondition } from '@universal-api/providers-spec';
import { gravestCondition } from '../gravest-condition.ts';
import { toCondition } from './met-norway-conditions.ts';
import { toKmh } from './met-norway-mapping.ts';
import type { MetNorwayForecast, MetNorwayStep } from './met-norway-schema.ts';

/** Days made of steps, and what is not whole about them. */
export interface DaysOfSteps {
  readonly days: readonly DailyForecast[];
  /** The first day began before the first step: its extremes are those of what is left of it. */
  readonly isFirstPartial: boolean;
}

interface Period {
  readonly hours: number;
  readonly precipitationMm: number | undefined;
  readonly condition: WeatherCondition;
}

interface Day {
  readonly steps: MetNorwayStep[];
  readonly periods: Period[];
  hours: number;
}

/** A day after the first is given if steps cover at least this much of it. */
const leastHours = 18;

/**
 * Days of a time zone from the steps: extremes of temperature and wind over the steps, precipitation summed over the
 * periods that start in the day, the gravest condition. A last day that is not covered is left out.
 */
export function toDays(answer: MetNorwayForecast, timezone: string): DaysOfSteps {
  const steps = answer.properties.timeseries;
  const dateOf = localDates(timezone);
  const byDate = new Map<string, Day>();
  steps.forEach((step, index) => {
    const period = periodOf(step, steps[index + 1]);
    const date = dateOf(new Date(step.time));
    const day = byDate.get(date) ?? { steps: [], periods: [], hours: 0 };
    byDate.set(date, day);
    day.steps.push(step);
    if (period) day.periods.push(period);
    day.hours += period?.hours ?? 0;
  });
  const days = [...byDate].filter(([, day], index) => day.hours >= leastHours || (index === 0 && day.hours > 0));
  const [first] = byDate.values();
  return { days: days.map(([date, day]) => toDay(date, day)), isFirstPartial: first ? first.hours < 23 : false };
}

/** What a step says of the time until the next one. */
function periodOf({ time, data }: MetNorwayStep, next: MetNorwayStep | undefined): Period | undefined {
  const hoursToNext = next ? (Date.parse(next.time) - Date.parse(time)) / 3_600_000 : 6;
  const isHour = data.next_1_hours !== undefined && (hoursToNext <= 1 || !data.next_6_hours);
  const given = isHour ? data.next_1_hours : data.next_6_hours;
  if (!given) return undefined;
  return {
    hours: Math.min(hoursToNext, isHour ? 1 : 6),
    precipitationMm: given.details?.precipitation_amount,
    condition: toCondition(given.summary?.symbol_code),
  };
}

function toDay(date: string, { steps, periods }: Day): DailyForecast {
  const temperatures = steps.map((step) => step.data.instant.details.air_temperature);
  const winds = steps.flatMap((step) => step.data.instant.details.wind_speed ?? []);
  const amounts = periods.flatMap((period) => period.precipitationMm ?? []);
  return {
    date,
    temperatureMaxC: Math.max(...temperatures),
    temperatureMinC: Math.min(...temperatures),
    precipitationMm: amounts.length > 0 ? Math.round(amounts.reduce((sum, mm) => sum + mm, 0) * 10) / 10 : undefined,
    windSpeedMaxKmh: winds.length > 0 ? toKmh(Math.max(...winds)) : undefined,
    condition: gravestCondition(periods.map((period) => period.condition)),
  };
}

/** Local date, YYYY-MM-DD, of an instant. Swedish dates are written that way. */
export function localDates(timezone: string): (instant: Date) => string {
  if (timezone === 'UTC') return (instant) => instant.toISOString().slice(0, 10);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' });
  return (instant) => format.format(instant);
}
