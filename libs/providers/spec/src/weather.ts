import type { Place } from './place.ts';
import type { ProviderOperation } from './provider.ts';

/** The closed set of weather conditions. */
export const weatherConditions = [
  'clear',
  'partly_cloudy',
  'cloudy',
  'fog',
  'drizzle',
  'rain',
  'heavy_rain',
  'freezing_rain',
  'sleet',
  'snow',
  'heavy_snow',
  'hail',
  'thunderstorm',
  'dust',
  'wind',
  'unknown',
] as const;

/** One weather condition. */
export type WeatherCondition = (typeof weatherConditions)[number];

/** Question of `weather.current`. The place is resolved already: only `lat`, `lon` and `countryCode` matter. */
export interface CurrentWeatherQuestion {
  readonly location: Place;
}

/** Answer of `weather.current`. Absent means the provider does not say. */
export interface CurrentWeather {
  /** Time of the observation or model step. */
  readonly observedAt: Date;
  readonly temperatureC: number;
  readonly feelsLikeC?: number;
  readonly humidityPct?: number;
  readonly dewPointC?: number;
  /** At sea level. */
  readonly pressureHpa?: number;
  readonly windSpeedKmh?: number;
  readonly windGustKmh?: number;
  /** Where the wind comes from, 0..360. */
  readonly windDirectionDeg?: number;
  readonly cloudCoverPct?: number;
  readonly visibilityKm?: number;
  /** Of the present hour. */
  readonly precipitationMm?: number;
  readonly uvIndex?: number;
  readonly condition: WeatherCondition;
  /** WMO code table 4677. */
  readonly wmoCode?: number;
  readonly isDay?: boolean;
}

/** Question of `weather.forecast`. */
export interface ForecastQuestion {
  readonly location: Place;
  /** 1..16, today included. */
  readonly days: number;
  readonly hourly: boolean;
}

/** One day of a forecast. */
export interface DailyForecast {
  /** Local date, YYYY-MM-DD. */
  readonly date: string;
  readonly temperatureMaxC: number;
  readonly temperatureMinC: number;
  readonly precipitationMm?: number;
  readonly precipitationProbabilityPct?: number;
  readonly windSpeedMaxKmh?: number;
  readonly uvIndexMax?: number;
  readonly sunrise?: Date;
  readonly sunset?: Date;
  readonly condition: WeatherCondition;
  readonly wmoCode?: number;
}

/** One hour of a forecast. */
export interface HourlyForecast {
  readonly time: Date;
  readonly temperatureC: number;
  readonly feelsLikeC?: number;
  readonly humidityPct?: number;
  readonly precipitationMm?: number;
  readonly precipitationProbabilityPct?: number;
  readonly windSpeedKmh?: number;
  readonly windDirectionDeg?: number;
  readonly cloudCoverPct?: number;
  readonly condition: WeatherCondition;
  readonly wmoCode?: number;
}

/** Answer of `weather.forecast`: at most as many days as asked, fewer with `degrade('days_truncated', <days given>)`. */
export interface Forecast {
  readonly timezone: string;
  readonly days: readonly DailyForecast[];
  /** Empty unless asked. */
  readonly hours: readonly HourlyForecast[];
}

/** Question of `weather.air_quality`. */
export interface AirQualityQuestion {
  readonly location: Place;
}

/** Answer of `weather.air_quality`; µg/m³. Absent means the provider does not say. */
export interface AirQuality {
  readonly observedAt: Date;
  /** European Air Quality Index, 0.. */
  readonly europeanAqi?: number;
  /** US Air Quality Index, 0..500. */
  readonly usAqi?: number;
  readonly pm25Ugm3?: number;
  readonly pm10Ugm3?: number;
  readonly ozoneUgm3?: number;
  readonly nitrogenDioxideUgm3?: number;
  readonly sulphurDioxideUgm3?: number;
  readonly carbonMonoxideUgm3?: number;
}

/** Question of `weather.alerts`. */
export interface WeatherAlertsQuestion {
  readonly location: Place;
  /** BCP 47. */
  readonly language: string;
}

/** One official warning. */
export interface WeatherAlert {
  /** `<provider>:<native id>` */
  readonly id: string;
  readonly event: string;
  readonly severity: 'extreme' | 'severe' | 'moderate' | 'minor' | 'unknown';
  readonly urgency?: string;
  readonly certainty?: string;
  readonly headline: string;
  readonly description?: string;
  readonly instruction?: string;
  readonly area: string;
  readonly startsAt?: Date;
  readonly endsAt?: Date;
  readonly issuer: string;
  /** BCP 47. */
  readonly language?: string;
  readonly url?: string;
}

/** The operations of the category. */
export interface WeatherOperations {
  readonly 'weather.current'?: ProviderOperation<CurrentWeatherQuestion, CurrentWeather>;
  readonly 'weather.forecast'?: ProviderOperation<ForecastQuestion, Forecast>;
  readonly 'weather.air_quality'?: ProviderOperation<AirQualityQuestion, AirQuality>;
  /** In force now, most severe first; empty when there are none. */
  readonly 'weather.alerts'?: ProviderOperation<WeatherAlertsQuestion, readonly WeatherAlert[]>;
}
