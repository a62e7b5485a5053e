import { readField, timestampFromDate } from '@universal-api/protos';
import { WeatherService } from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import type { DailyForecast, HourlyForecast, Place, WeatherOperations } from '@universal-api/providers-spec';
import type { CategoryCall } from './category-call.ts';
import { categoryRow } from './category-row.ts';
import { toPlaceMessage } from './geocoding-rows.ts';
import { roundDegrees } from './read-text.ts';
import { resolveWhere, type Where } from './resolve-where.ts';
import { routedOperation } from './routed-operation.ts';

const { getCurrentWeather, getForecast } = WeatherService.method;

/** Weather is the same within 11 m. */
const toPoint = ({ lat, lon }: Place) => [roundDegrees(lat, 4), roundDegrees(lon, 4)];
const toCoverage = ({ location }: { readonly location: Place }) => ({ countryCode: location.countryCode });

const currentOperation = routedOperation<WeatherOperations, 'weather.current'>('weather.current', getCurrentWeather, {
  toKey: ({ location }) => toPoint(location),
  toCoverage,
});

const forecastOperation = routedOperation<WeatherOperations, 'weather.forecast'>('weather.forecast', getForecast, {
  toKey: ({ location, days, hourly }) => [...toPoint(location), days, hourly],
  toCoverage,
});

/** The methods of `WeatherService`. */
export const weatherRows = {
  getCurrentWeather: categoryRow({
    method: getCurrentWeather,
    operation: currentOperation,
    toQuestion: async (request, call) => ({ location: await locate(request, call) }),
    toBody: (weather, { question, provider }) => {
      const observedAt = timestampFromDate(weather.observedAt);
      const { temperatureC, condition } = weather;
      return {
        ...weather,
        location: toPlaceMessage(question.location),
        observedAt,
        agreement: 'single',
        sources: [{ provider, temperatureC, condition, observedAt }],
      };
    },
  }),
  getForecast: categoryRow({
    method: getForecast,
    operation: forecastOperation,
    toQuestion: async (request, call) => ({
      location: await locate(request, call),
      days: readField(request, 'days'),
      hourly: request.hourly,
    }),
    toBody: ({ timezone, days, hours }, { question }) => ({
      location: toPlaceMessage(question.location),
      timezone,
      days: days.slice(0, question.days).map(toDay),
      hours: question.hourly ? hours.map(toHour) : [],
    }),
  }),
};

async function locate(where: Where, call: CategoryCall): Promise<Place> {
  const location = await resolveWhere(where, call);
  if (!location) throw new Error('a request without a place passed the check of its fields');
  return location;
}

function toDay({ sunrise, sunset, ...day }: DailyForecast) {
  return {
    ...day,
    sunrise: sunrise && timestampFromDate(sunrise),
    sunset: sunset && timestampFromDate(sunset),
  };
}

function toHour({ time, ...hour }: HourlyForecast) {
  return { ...hour, time: timestampFromDate(time) };
}
