export type { CallContext } from './call-context.ts';
export type * from './countries.ts';
export type * from './geocoding.ts';
export { homeOf, type AwayEntry, type HomeReference } from './home-of.ts';
export type * from './knowledge.ts';
export type * from './manifest.ts';
export type * from './place.ts';
export type * from './provider-http.ts';
export type * from './provider.ts';
export type * from './time.ts';
export type {
  AirQuality,
  AirQualityQuestion,
  CurrentWeather,
  CurrentWeatherQuestion,
  DailyForecast,
  Forecast,
  ForecastQuestion,
  HourlyForecast,
  WeatherAlert,
  WeatherAlertsQuestion,
  WeatherCondition,
  WeatherOperations,
} from './weather.ts';
export { weatherConditions } from './weather.ts';
