import type { DailyForecast, HourlyForecast } from '@universal-api/providers-spec';
import { toCondition } from './weatherapi-conditions.ts';
import type { WeatherapiDay, WeatherapiHour } from './weatherapi-schema.ts';

/** One day of the place. */
export function toDay({ date, day, astro, hour }: WeatherapiDay): DailyForecast {
  return {
    date,
    temperatureMaxC: day.maxtemp_c,
    temperatureMinC: day.mintemp_c,
    precipitationMm: day.totalprecip_mm ?? undefined,
    precipitationProbabilityPct: higher(day.daily_chance_of_rain, day.daily_chance_of_snow),
    windSpeedMaxKmh: day.maxwind_kph ?? undefined,
    uvIndexMax: day.uv ?? undefined,
    sunrise: readSunTime(hour, date, astro?.sunrise),
    sunset: readSunTime(hour, date, astro?.sunset),
    condition: toCondition(day.condition?.code),
  };
}

/** One hour. */
export function toHour(hour: WeatherapiHour): HourlyForecast {
  return {
    time: new Date(hour.time_epoch * 1000),
    temperatureC: hour.temp_c,
    feelsLikeC: hour.feelslike_c ?? undefined,
    humidityPct: hour.humidity ?? undefined,
    precipitationMm: hour.precip_mm ?? undefined,
    precipitationProbabilityPct: higher(hour.chance_of_rain, hour.chance_of_snow),
    windSpeedKmh: hour.wind_kph ?? undefined,
    windDirectionDeg: hour.wind_degree ?? undefined,
    cloudCoverPct: hour.cloud ?? undefined,
    condition: toCondition(hour.condition?.code),
  };
}

/**
 * The instant of a local time such as `07:42 AM`: the hours of the day are given in both times, so that the one it lies
 * in says when it is. Undefined for `No sunrise`, and where that hour is not given.
 */
export function readSunTime(
  hours: readonly WeatherapiHour[],
  date: string,
  text: string | null | undefined,
): Date | undefined {
  const [, hour, minute, half] = /^(\d\d?):(\d\d) (AM|PM)$/.exec(text?.trim() ?? '') ?? [];
  if (hour === undefined) return undefined;
  const hourOfDay = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  const start = `${date} ${String(hourOfDay).padStart(2, '0')}:00`;
  const epochS = hours.find(({ time }) => time === start)?.time_epoch;
  return epochS === undefined ? undefined : new Date((epochS + Number(minute) * 60) * 1000);
}

/** Rain and snow have probabilities of their own; the higher is the least that precipitation has. */
function higher(one: number | null | undefined, other: number | null | undefined): number | undefined {
  if (one == null || other == null) return one ?? other ?? undefined;
  return Math.max(one, other);
}
