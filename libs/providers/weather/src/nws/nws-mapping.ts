import type { CurrentWeather, DailyForecast, HourlyForecast, Point, WeatherAlert } from '@universal-api/providers-spec';
import { toAlerts } from '../cap-warning.ts';
import { gravestCondition } from '../gravest-condition.ts';
import { manifest } from './manifest.ts';
import { toCondition } from './nws-conditions.ts';
import type { NwsAlerts, NwsHour, NwsObservation } from './nws-schema.ts';
import { fahrenheitToC, readDirection, readWind, toTenth, toValue } from './nws-units.ts';

/** A day after the first is given if the hours cover at least this much of it. */
const leastHours = 18;

/** A point as paths have it: other writings of the same are redirected, and redirects are not followed. */
export function toPointText({ lat, lon }: Point): string {
  return [lat, lon].map((degrees) => String(Math.round(degrees * 10_000) / 10_000 + 0)).join(',');
}

/** An observation; undefined if its thermometer was silent. */
export function toCurrentWeather({ properties }: NwsObservation): CurrentWeather | undefined {
  const temperatureC = toValue(properties.temperature);
  if (temperatureC === undefined) return undefined;
  return {
    observedAt: new Date(properties.timestamp),
    temperatureC,
    // One or none of both is given, for cold wind or for heat.
    feelsLikeC: toValue(properties.windChill) ?? toValue(properties.heatIndex),
    humidityPct: toValue(properties.relativeHumidity),
    dewPointC: toValue(properties.dewpoint),
    pressureHpa: toValue(properties.seaLevelPressure),
    windSpeedKmh: toValue(properties.windSpeed),
    windGustKmh: toValue(properties.windGust),
    windDirectionDeg: toValue(properties.windDirection),
    visibilityKm: toValue(properties.visibility),
    precipitationMm: toValue(properties.precipitationLastHour),
    condition: toCondition(properties.textDescription),
    isDay: isDayIcon(properties.icon),
  };
}

function isDayIcon(icon: string | null | undefined): boolean | undefined {
  if (icon?.includes('/day/')) return true;
  return icon?.includes('/night/') ? false : undefined;
}

/** One hour; the forecast has no amounts of precipitation and no clouds. */
export function toHour(hour: NwsHour): HourlyForecast {
  return {
    time: new Date(hour.startTime),
    temperatureC: toCelsius(hour),
    humidityPct: toValue(hour.relativeHumidity),
    precipitationProbabilityPct: toValue(hour.probabilityOfPrecipitation),
    windSpeedKmh: readWind(hour.windSpeed),
    windDirectionDeg: readDirection(hour.windDirection),
    condition: toCondition(hour.shortForecast),
  };
}

/** The local date of an hour, since its time has the offset of the place. */
export function dateOf({ startTime }: NwsHour): string {
  return startTime.slice(0, 10);
}

/**
 * Days of the place, each made of its hours: extremes of temperature, wind and probability, the gravest condition. The
 * first day is what is left of it; a last one that is not covered is left out.
 */
export function toDays(hours: readonly NwsHour[]): { days: readonly DailyForecast[]; isFirstPartial: boolean } {
  const byDate = Object.entries(Object.groupBy(hours, dateOf));
  const days = byDate.flatMap(([date, ofDay = []], index) =>
    index === 0 || ofDay.length >= leastHours ? toDay(date, ofDay) : [],
  );
  const [, first = []] = byDate[0] ?? [];
  // A day that sets the clock forward has 23 hours.
  return { days, isFirstPartial: first.length < 23 };
}

function toDay(date: string, hours: readonly NwsHour[]): DailyForecast {
  const temperatures = hours.map(toCelsius);
  return {
    date,
    temperatureMaxC: Math.max(...temperatures),
    temperatureMinC: Math.min(...temperatures),
    precipitationProbabilityPct: highest(hours.map((hour) => toValue(hour.probabilityOfPrecipitation))),
    windSpeedMaxKmh: highest(hours.map((hour) => readWind(hour.windSpeed))),
    condition: gravestCondition(hours.map((hour) => toCondition(hour.shortForecast))),
  };
}

function toCelsius({ temperature, temperatureUnit }: NwsHour): number {
  return toTenth(temperatureUnit === 'F' ? fahrenheitToC(temperature) : temperature);
}

function highest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** Warnings as answers carry them; exercises and tests are left out. `now` is ms since the epoch. */
export function toNwsAlerts({ features }: NwsAlerts, now: number): readonly WeatherAlert[] {
  const warnings = features
    .filter(({ properties: { status } }) => !status || status === 'Actual')
    .map(({ properties }) => ({
      ...properties,
      area: properties.areaDesc,
      startsAt: properties.onset ?? properties.effective,
      // The message may expire before what it warns of ends.
      endsAt: properties.ends ?? properties.expires,
      issuer: properties.senderName,
    }));
  return toAlerts(manifest.id, manifest.name, warnings, now);
}
