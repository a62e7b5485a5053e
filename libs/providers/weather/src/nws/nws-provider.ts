import { getJson, ProviderFailure, type Schema } from '@universal-api/providers-kit';
import type {
  CallContext,
  Forecast,
  ForecastQuestion,
  Point,
  Provider,
  ProviderSettings,
  WeatherOperations,
} from '@universal-api/providers-spec';
import { createMemo } from '../memo.ts';
import { manifest } from './manifest.ts';
import { dateOf, toCurrentWeather, toDays, toHour, toNwsAlerts, toPointText } from './nws-mapping.ts';
import { nwsAlerts, nwsHourly, nwsObservation, nwsPoint, nwsStations, type NwsHour } from './nws-schema.ts';

/** Grids are redrawn now and then, stations come and go. */
const lookUps = { limit: 1000, maxAgeMs: 24 * 3600 * 1000 };

/**
 * Present weather, forecast and official warnings at a point in the United States, from the National Weather Service.
 * Keyless; asks for an identifying User-Agent.
 *
 * In:     a place in the United States or their territories. The cell of the grid that it lies in, and the station next
 *         to it, are looked up first, and kept for a day; `now` (ms since the epoch) says how old they are.
 * Out:    °C, km/h, %, hPa, mm, km, converted from °F, mph and what the stations send; `observedAt` is the time of the
 *         observation. About 6 days, made of hours; no amounts of precipitation, no clouds, no sun times.
 * Loss:   `partial_day` (today from now on), `days_truncated`.
 * Errors: `empty` for a point that no office covers or a station without a temperature, `auth` (403, no identification),
 *         `quota_exhausted` (429), `malformed` if a field is gone.
 * Source: https://www.weather.gov/documentation/services-web-api; public domain.
 */
export function createNwsProvider(
  settings: ProviderSettings,
  now: () => number = Date.now,
): Provider & { operations: WeatherOperations } {
  const cells = createMemo<{ path: string; timezone: string }>({ ...lookUps, now });
  const stations = createMemo<string>({ ...lookUps, now });

  const ask = <T>(path: string, schema: Schema<T>, context: CallContext): Promise<T> =>
    getJson({ url: `${settings.hosts['base']}${path}`, schema, context, manifest, settings });

  function findCell(point: Point, context: CallContext) {
    const text = toPointText(point);
    return cells.remember(text, async () => {
      const { gridId, gridX, gridY, timeZone } = (await ask(`/points/${text}`, nwsPoint, context)).properties;
      return { path: `/gridpoints/${gridId}/${gridX},${gridY}`, timezone: timeZone };
    });
  }

  function findStation(cell: string, context: CallContext): Promise<string> {
    return stations.remember(cell, async () => {
      const [nearest] = (await ask(`${cell}/stations`, nwsStations, context)).features;
      if (!nearest) throw empty();
      return nearest.properties.stationIdentifier;
    });
  }

  return {
    manifest,
    operations: {
      async 'weather.current'({ location }, context) {
        const station = await findStation((await findCell(location, context)).path, context);
        const latest = await ask(`/stations/${station}/observations/latest`, nwsObservation, context);
        const current = toCurrentWeather(latest);
        if (!current) throw empty();
        return current;
      },
      async 'weather.forecast'(question, context) {
        const { path, timezone } = await findCell(question.location, context);
        const { properties } = await ask(`${path}/forecast/hourly`, nwsHourly, context);
        return { timezone, ...toForecast(properties.periods, question, context) };
      },
      async 'weather.alerts'({ location }, context) {
        return toNwsAlerts(await ask(`/alerts/active?point=${toPointText(location)}`, nwsAlerts, context), now());
      },
    },
  };
}

function toForecast(
  periods: readonly NwsHour[],
  { days: wanted, hourly }: ForecastQuestion,
  context: CallContext,
): Omit<Forecast, 'timezone'> {
  const { days: all, isFirstPartial } = toDays(periods);
  const days = all.slice(0, wanted);
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) throw empty();
  if (isFirstPartial) context.degrade('partial_day', first.date);
  if (days.length < wanted) {
    context.degrade('days_truncated', String(days.length), String(wanted), String(days.length));
  }
  return { days, hours: hourly ? periods.filter((hour) => dateOf(hour) <= last.date).map(toHour) : [] };
}

function empty(): ProviderFailure {
  return new ProviderFailure({ provider: manifest.id, failure: 'empty' });
}
