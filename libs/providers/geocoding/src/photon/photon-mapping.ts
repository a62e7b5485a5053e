import { toText } from '@universal-api/providers-kit';
import type {
  ForwardQuestion,
  Place,
  PlaceKind,
  Point,
  ProviderSettings,
  ReverseAnswer,
  ReverseQuestion,
} from '@universal-api/providers-spec';
import { metresBetween } from '../metres-between.ts';
import type { PhotonFeature } from './photon-schema.ts';

/** Languages of the public server; another one is refused with 400: https://github.com/komoot/photon/issues/33. */
const languages: ReadonlySet<string> = new Set(['en', 'de', 'fr']);

/** The language that the server is asked for; English if it does not have the one that was wanted. */
export function toPhotonLanguage(language: string): string {
  const primary = language.toLowerCase().split('-')[0] ?? '';
  return languages.has(primary) ? primary : 'en';
}

/** Parameters: https://github.com/komoot/photon/blob/master/docs/api-v1.md#search. */
export function toSearchUrl({ hosts }: ProviderSettings, question: ForwardQuestion): string {
  const query = new URLSearchParams({
    q: question.address,
    limit: String(question.limit),
    lang: toPhotonLanguage(question.language),
    ...(question.countryCode && { countrycode: question.countryCode }),
  });
  return `${hosts['base']}/api/?${query}`;
}

/** The nearest object within its default radius of 1 km. */
export function toReverseUrl({ hosts }: ProviderSettings, { lat, lon, language }: ReverseQuestion): string {
  const query = new URLSearchParams({
    lat: lat.toFixed(6),
    lon: lon.toFixed(6),
    limit: '1',
    lang: toPhotonLanguage(language),
  });
  return `${hosts['base']}/reverse?${query}`;
}

/** A place of ours. */
export function toPlace({ geometry, properties: found }: PhotonFeature): Place {
  const [lon, lat] = geometry.coordinates;
  const kind = toKind(found);
  const own = toText(found.name);
  const houseNumber = toText(found.housenumber);
  // What carries the name of its own kind has no field for it.
  const street = toText(found.street) ?? (kind === 'street' ? own : undefined);
  const city = toText(found.city) ?? (kind === 'city' ? own : undefined);
  const address = [street, houseNumber].filter((part) => part !== undefined).join(' ') || undefined;
  const parts = [own, address, toText(found.district), city, toText(found.state), toText(found.country)];
  const label = [...new Set(parts)].filter((part) => part !== undefined).join(', ') || `${lat}, ${lon}`;
  const [west, north, east, south] = found.extent ?? [];
  const hasBox = south !== undefined && north !== undefined && west !== undefined && east !== undefined;
  return {
    id: found.osm_type && found.osm_id !== undefined ? `photon:${found.osm_type}${found.osm_id}` : undefined,
    name: own ?? address ?? label,
    label,
    lat,
    lon,
    kind,
    houseNumber,
    street,
    postcode: toText(found.postcode),
    city,
    county: toText(found.county),
    state: toText(found.state),
    country: toText(found.country) ?? (kind === 'country' ? own : undefined),
    countryCode: toText(found.countrycode)?.toUpperCase(),
    bbox: hasBox ? { south, west, north, east } : undefined,
  };
}

/** The distance is told of a house or a point of interest only: a street or a town is more than its one point. */
export function toReverseAnswer(found: PhotonFeature, from: Point): ReverseAnswer {
  const result = toPlace(found);
  const isPointLike = result.kind === 'house' || result.kind === 'poi';
  return { result, distanceM: isPointLike ? Math.round(metresBetween(from, result)) : undefined };
}

const kinds: ReadonlyMap<string, PlaceKind> = new Map([
  ['street', 'street'],
  ['locality', 'district'],
  ['district', 'district'],
  ['city', 'city'],
  ['county', 'county'],
  ['state', 'state'],
  ['country', 'country'],
]);
const settlements: ReadonlySet<string> = new Set(['city', 'town', 'village', 'hamlet', 'municipality']);

/**
 * The kind of a feature. Its own `type` calls every address and every point of interest `house`: a house is what has a
 * number and no name of its own. Servers before 0.4 send no `type`; the tag tells then.
 */
function toKind({ type, name, housenumber, osm_key: key, osm_value: value }: PhotonFeature['properties']): PlaceKind {
  if (value === 'postcode') return 'postcode';
  const known = type === undefined ? undefined : kinds.get(type);
  if (known) return known;
  if (toText(housenumber) !== undefined && toText(name) === undefined) return 'house';
  if (type !== undefined || key !== 'place') return key === 'highway' && !housenumber ? 'street' : 'poi';
  if (value !== undefined && settlements.has(value)) return 'city';
  return (value === undefined ? undefined : kinds.get(value)) ?? 'poi';
}
