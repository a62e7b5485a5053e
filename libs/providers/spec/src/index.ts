export type { CallContext } from './call-context.ts';
export type * from './countries.ts';
export type * from './geocoding.ts';
export type * from './knowledge.ts';
export type * from './manifest.ts';
export type * from './place.ts';
export type * from './provider-http.ts';
export type * from './provider.ts';
export type * from './time.ts';
export type {
  CurrentWeather,
  CurrentWeatherQuestion,
  DailyForecast,
  Forecast,
  ForecastQuestion,
  HourlyForecast,
  WeatherCondition,
  WeatherOperations,
} from './weather.ts';
export { weatherConditions } from './weather.ts';
