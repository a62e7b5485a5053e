import { toText } from '@universal-api/providers-kit';
import type {
  ForwardQuestion,
  Place,
  Point,
  PostcodeQuestion,
  ProviderSettings,
  ReverseAnswer,
  ReverseQuestion,
} from '@universal-api/providers-spec';
import { metresBetween } from '../metres-between.ts';
import { toKind } from './nominatim-kind.ts';
import type { NominatimPlace } from './nominatim-schema.ts';

/** Parameters: https://nominatim.org/release-docs/latest/api/Search/. */
export function toSearchUrl({ hosts }: ProviderSettings, question: ForwardQuestion): string {
  const query = new URLSearchParams({
    q: question.address,
    limit: String(question.limit),
    ...(question.countryCode && { countrycodes: question.countryCode.toLowerCase() }),
    ...shape(question.language),
  });
  return `${hosts['base']}/search?${query}`;
}

/** Parameters: https://nominatim.org/release-docs/latest/api/Reverse/; zoom 18 is a building. */
export function toReverseUrl({ hosts }: ProviderSettings, { lat, lon, language }: ReverseQuestion): string {
  const query = new URLSearchParams({ lat: lat.toFixed(6), lon: lon.toFixed(6), zoom: '18', ...shape(language) });
  return `${hosts['base']}/reverse?${query}`;
}

/** Most places of one postcode. */
const mostOfPostcode = 10;

/** The structured form of the search: a postcode, in one country. */
export function toPostcodeUrl({ hosts }: ProviderSettings, question: PostcodeQuestion, language: string): string {
  const query = new URLSearchParams({
    postalcode: question.postcode,
    countrycodes: question.countryCode.toLowerCase(),
    limit: String(mostOfPostcode),
    ...shape(language),
  });
  return `${hosts['base']}/search?${query}`;
}

function shape(language: string): Record<string, string> {
  return { format: 'jsonv2', addressdetails: '1', 'accept-language': language };
}

/** A place of ours. Importance is left: it says how well known a place is, not how sure the match. */
export function toPlace(found: NominatimPlace): Place {
  const address = found.address ?? {};
  const label = toText(found.display_name) ?? `${found.lat}, ${found.lon}`;
  const [south, north, west, east] = found.boundingbox ?? [];
  const hasBox = south !== undefined && north !== undefined && west !== undefined && east !== undefined;
  return {
    id: toId(found),
    name: toText(found.name) ?? toText(label.split(',')[0]) ?? label,
    label,
    lat: found.lat,
    lon: found.lon,
    kind: toKind(found),
    houseNumber: toText(address['house_number']),
    street: firstText(address, ['road', 'pedestrian', 'footway', 'path', 'square']),
    postcode: toText(address['postcode']),
    city: firstText(address, ['city', 'town', 'village', 'municipality', 'hamlet']),
    county: toText(address['county']),
    state: firstText(address, ['state', 'province', 'region']),
    country: toText(address['country']),
    countryCode: toText(address['country_code'])?.toUpperCase(),
    bbox: hasBox ? { south, west, north, east } : undefined,
  };
}

/**
 * A place and how far it is. The distance is told of a house or a point of interest only: of a street or a town the
 * answer has one point, which may be far away while the thing itself is here.
 */
export function toReverseAnswer(found: NominatimPlace, from: Point): ReverseAnswer {
  const result = toPlace(found);
  const isPointLike = result.kind === 'house' || result.kind === 'poi';
  return { result, distanceM: isPointLike ? Math.round(metresBetween(from, result)) : undefined };
}

/** `nominatim:N107775`, as its look-up takes it; undefined for what is no object of the map, such as a postcode. */
function toId({ osm_type: type, osm_id: id }: NominatimPlace): string | undefined {
  return type && id !== undefined ? `nominatim:${type.charAt(0).toUpperCase()}${id}` : undefined;
}

function firstText(address: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  return names.map((name) => toText(address[name])).find((value) => value !== undefined);
}
