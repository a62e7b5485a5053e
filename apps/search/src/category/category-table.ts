import type { DescService } from '@universal-api/protos';
import { CountryService } from '@universal-api/protos/gen/uapi/search/v1/countries_pb';
import { GeocodingService } from '@universal-api/protos/gen/uapi/search/v1/geocoding_pb';
import { KnowledgeService } from '@universal-api/protos/gen/uapi/search/v1/knowledge_pb';
import { TimeService } from '@universal-api/protos/gen/uapi/search/v1/time_pb';
import { WeatherService } from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import type { PageTokens } from '../pages/page-token.ts';
import type { AnyRow } from './category-row.ts';
import { countryRows } from './places/country-rows.ts';
import { geocodingRows } from './places/geocoding-rows.ts';
import { knowledgeRows } from './knowledge/knowledge-rows.ts';
import { timeRows } from './time/time-rows.ts';
import { weatherRows } from './weather/weather-rows.ts';

/** A service and a row for each of its methods. */
export interface CategoryService {
  readonly service: DescService;
  readonly rows: Readonly<Record<string, AnyRow>>;
}

/** Every category of this app; a method without a row does not compile. */
export function categoryTable(pageTokens: PageTokens): readonly CategoryService[] {
  return [
    withRows(WeatherService, weatherRows),
    withRows(GeocodingService, geocodingRows),
    withRows(CountryService, countryRows(pageTokens)),
    withRows(TimeService, timeRows),
    withRows(KnowledgeService, knowledgeRows),
  ];
}

function withRows<S extends DescService>(
  service: S,
  rows: Readonly<Record<keyof S['method'], AnyRow>>,
): CategoryService {
  return { service, rows };
}
