import { AppError } from '@universal-api/errors';
import { readField, timestampFromDate } from '@universal-api/protos';
import { WeatherService } from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import type {
  CurrentWeatherQuestion,
  DailyForecast,
  HourlyForecast,
  Place,
  WeatherAlert,
  WeatherOperations,
} from '@universal-api/providers-spec';
import { airQualityLevel } from './air-quality-level.ts';
import type { CategoryCall } from '../category-call.ts';
import { categoryRow } from '../category-row.ts';
import { toPlaceMessage } from '../places/geocoding-rows.ts';
import { readLanguage } from '../language.ts';
import { roundDegrees } from '../read-text.ts';
import { resolveWhere, type Where } from '../places/resolve-where.ts';
import { routedOperation, type RoutedOperation } from '../routed-operation.ts';
import { agreeOnWeather, mostSources, type AgreedWeather } from './weather-consensus.ts';

const { getCurrentWeather, getForecast, getAirQuality, listWeatherAlerts } = WeatherService.method;

/** Weather is the same within 11 m. */
const toPoint = ({ lat, lon }: Place) => [roundDegrees(lat, 4), roundDegrees(lon, 4)];
const aboutPlace = {
  toKey: ({ location }: { readonly location: Place }) => toPoint(location),
  toCoverage: ({ location }: { readonly location: Place }) => ({ countryCode: location.countryCode }),
};

const currentOperation: RoutedOperation<CurrentWeatherQuestion, AgreedWeather> = routedOperation<
  WeatherOperations,
  'weather.current'
>('weather.current', getCurrentWeather, aboutPlace);

const forecastOperation = routedOperation<WeatherOperations, 'weather.forecast'>('weather.forecast', getForecast, {
  ...aboutPlace,
  toKey: ({ location, days, hourly }) => [...toPoint(location), days, hourly],
});

const airOperation = routedOperation<WeatherOperations, 'weather.air_quality'>(
  'weather.air_quality',
  getAirQuality,
  aboutPlace,
);

const alertsOperation = routedOperation<WeatherOperations, 'weather.alerts'>(
  'weather.alerts',
  listWeatherAlerts,
  aboutPlace,
);

/** The methods of `WeatherService`. */
export const weatherRows = {
  getCurrentWeather: categoryRow({
    method: getCurrentWeather,
    operation: currentOperation,
    toQuestion: async (request, call) => ({ location: await locate(request, call) }),
    ask: async (question, { request, call }) =>
      request.consensus ? askSeveral(question, call) : call.ask(currentOperation, question),
    toBody: ({ sources, agreement = 'single', ...weather }, { question, provider }) => ({
      ...weather,
      location: toPlaceMessage(question.location),
      observedAt: timestampFromDate(weather.observedAt),
      agreement,
      sources: (sources ?? [{ ...weather, provider }]).map((source) => ({
        provider: source.provider,
        temperatureC: source.temperatureC,
        condition: source.condition,
        observedAt: timestampFromDate(source.observedAt),
      })),
    }),
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
  getAirQuality: categoryRow({
    method: getAirQuality,
    operation: airOperation,
    toQuestion: async (request, call) => ({ location: await locate(request, call) }),
    toBody({ pm25Ugm3, ...air }, { question }) {
      const level = airQualityLevel({ pm25Ugm3, ...air });
      // All that is known may be what no level is made of, such as carbon monoxide alone.
      if (!level)
        throw new AppError('not_found', { detail: 'Too little is known of the air there to say how good it is.' });
      return {
        ...air,
        pm25Ugm3,
        location: toPlaceMessage(question.location),
        observedAt: timestampFromDate(air.observedAt),
        level,
      };
    },
  }),
  listWeatherAlerts: categoryRow({
    method: listWeatherAlerts,
    operation: alertsOperation,
    toLanguage: ({ language }, call) => (language === undefined ? call.language : readLanguage(language)),
    toQuestion: async (request, call, language) => ({ location: await locate(request, call), language }),
    toBody: (alerts, { question }) => ({
      location: toPlaceMessage(question.location),
      alerts: alerts.map(toAlert),
    }),
  }),
};

/** Where it is, with its country: it decides who covers the place. */
async function locate(where: Where, call: CategoryCall): Promise<Place> {
  const location = await resolveWhere(where, call);
  if (!location) throw new Error('a request without a place passed the check of its fields');
  if (location.countryCode !== undefined) return location;
  const countryCode = await call.countryAt(location);
  return countryCode === undefined ? location : { ...location, countryCode };
}

/** Where the answer comes from is told of the first who gave one. */
async function askSeveral(question: CurrentWeatherQuestion, call: CategoryCall) {
  const routed = await call.askEach(currentOperation, question, mostSources);
  const [first] = routed;
  const answer = agreeOnWeather(routed);
  if (!first || !answer) throw new Error('asking several gave no answer and no error');
  return { answer, meta: first.meta };
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

function toAlert({ startsAt, endsAt, ...alert }: WeatherAlert) {
  return {
    ...alert,
    startsAt: startsAt && timestampFromDate(startsAt),
    endsAt: endsAt && timestampFromDate(endsAt),
  };
}
