import { toText } from '@universal-api/providers-kit';
import type { ForwardQuestion, Place, PlaceKind, Point, ProviderSettings } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import type { OpenMeteoPlace } from './open-meteo-schema.ts';

/** The elevation model behind the heights, as answers name it. */
export const dataset = 'copernicus_dem_glo90';

/** Parameters: https://open-meteo.com/en/docs/geocoding-api. */
export function toSearchUrl(settings: ProviderSettings, question: ForwardQuestion): string {
  return toUrl(settings, 'geocoding', 'search', {
    name: question.address,
    count: String(question.limit),
    language: question.language.toLowerCase().split('-')[0] ?? '',
    format: 'json',
    ...(question.countryCode && { countryCode: question.countryCode }),
  });
}

/** Parameters: https://open-meteo.com/en/docs/elevation-api. */
export function toElevationUrl(settings: ProviderSettings, { lat, lon }: Point): string {
  return toUrl(settings, 'base', 'elevation', { latitude: lat.toFixed(6), longitude: lon.toFixed(6) });
}

/** With a key the customers' hosts are asked, and the key is put where it must be: in the query. */
function toUrl(
  { hosts, key }: ProviderSettings,
  host: 'base' | 'geocoding',
  path: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const keyed = host === 'base' ? 'customer' : 'customer_geocoding';
  const credential = key ? `&apikey=${encodeURIComponent(key.reveal())}` : '';
  return `${hosts[key ? keyed : host]}/${path}?${new URLSearchParams(parameters)}${credential}`;
}

/** A place of ours. */
export function toPlace(found: OpenMeteoPlace): Place {
  const { latitude: lat, longitude: lon, population } = found;
  const kind = toKind(found.feature_code ?? '');
  const name = toText(found.name) ?? `${lat}, ${lon}`;
  const state = toText(found.admin1);
  const country = toText(found.country) ?? (kind === 'country' ? name : undefined);
  return {
    id: `${manifest.id}:${found.id}`,
    name,
    label: [...new Set([name, state, country])].filter((part) => part !== undefined).join(', '),
    lat,
    lon,
    kind,
    city: kind === 'city' ? name : undefined,
    county: toText(found.admin2),
    state,
    country,
    countryCode: toText(found.country_code)?.toUpperCase(),
    timezone: toText(found.timezone),
    population: population !== undefined && population > 0 ? population : undefined,
  };
}

/** Feature codes of GeoNames: https://www.geonames.org/export/codes.html. */
function toKind(code: string): PlaceKind {
  if (code === 'PPLX') return 'district';
  if (code.startsWith('PPL') || code === 'ADM3' || code === 'ADM4') return 'city';
  if (code === 'ADM1') return 'state';
  if (code === 'ADM2') return 'county';
  return code.startsWith('PCL') ? 'country' : 'poi';
}
