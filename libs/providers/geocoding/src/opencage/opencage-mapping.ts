import { toText } from '@universal-api/providers-kit';
import type {
  ForwardQuestion,
  Place,
  PlaceKind,
  ProviderSettings,
  ReverseAnswer,
  ReverseQuestion,
} from '@universal-api/providers-spec';
import type { OpencageResult } from './opencage-schema.ts';

/** Parameters: https://opencagedata.com/api#forward-opt. */
export function toSearchUrl(settings: ProviderSettings, question: ForwardQuestion): string {
  return toUrl(settings, {
    q: question.address,
    limit: String(question.limit),
    language: question.language,
    ...(question.countryCode && { countrycode: question.countryCode.toLowerCase() }),
  });
}

/** Latitude and longitude are the query of a reverse question. */
export function toReverseUrl(settings: ProviderSettings, { lat, lon, language }: ReverseQuestion): string {
  return toUrl(settings, { q: `${lat.toFixed(6)},${lon.toFixed(6)}`, limit: '1', language });
}

/** The query is not kept at theirs (`no_record`), and what we do not use is not sent (`no_annotations`). */
function toUrl({ hosts, key }: ProviderSettings, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ ...parameters, no_annotations: '1', no_record: '1' });
  const credential = key ? `&key=${encodeURIComponent(key.reveal())}` : '';
  return `${hosts['base']}/json?${query}${credential}`;
}

/** A place of ours. Their confidence is left: it says how large the place is, not how sure the match. */
export function toPlace({ formatted, geometry: { lat, lng: lon }, bounds, components }: OpencageResult): Place {
  const text = (...names: readonly string[]) =>
    names.map((name) => toText(components[name])).find((value) => value !== undefined);
  const kind = toKind(text('_type'), text('house_number'));
  const label = toText(formatted) ?? `${lat}, ${lon}`;
  const { northeast, southwest } = bounds ?? {};
  return {
    name: nameOf(kind, text) ?? toText(label.split(',')[0]) ?? label,
    label,
    lat,
    lon,
    kind,
    houseNumber: text('house_number'),
    street: text('road', 'pedestrian', 'footway', 'path', 'street'),
    postcode: text('postcode'),
    city: text('_normalized_city', 'city', 'town', 'village', 'hamlet'),
    county: text('county'),
    state: text('state', 'province', 'region'),
    country: text('country'),
    countryCode: text('ISO_3166-1_alpha-2', 'country_code')?.toUpperCase(),
    bbox:
      northeast && southwest
        ? { south: southwest.lat, west: southwest.lng, north: northeast.lat, east: northeast.lng }
        : undefined,
  };
}

/** A place, and how far it is as they say. */
export function toReverseAnswer(found: OpencageResult): ReverseAnswer {
  return { result: toPlace(found), distanceM: found.distance_from_q?.meters };
}

const kinds: ReadonlyMap<string, PlaceKind> = new Map([
  ['road', 'street'],
  ['street', 'street'],
  ['postcode', 'postcode'],
  ['neighbourhood', 'district'],
  ['suburb', 'district'],
  ['quarter', 'district'],
  ['city_district', 'district'],
  ['district', 'district'],
  ['city', 'city'],
  ['town', 'city'],
  ['village', 'city'],
  ['hamlet', 'city'],
  ['municipality', 'city'],
  ['county', 'county'],
  ['state_district', 'county'],
  ['state', 'state'],
  ['region', 'state'],
  ['country', 'country'],
]);

/** Types: https://opencagedata.com/api#response, `components._type`; a building with a number is a house. */
function toKind(type: string | undefined, houseNumber: string | undefined): PlaceKind {
  const known = type === undefined ? undefined : kinds.get(type);
  if (known) return known;
  return houseNumber !== undefined && (type === 'building' || type === 'house') ? 'house' : 'poi';
}

/** The component that bears the name of an area; others begin their label with it. */
function nameOf(kind: PlaceKind, text: (...names: readonly string[]) => string | undefined): string | undefined {
  if (kind === 'city') return text('_normalized_city', 'city', 'town', 'village', 'hamlet');
  if (kind === 'street') return text('road', 'street');
  if (kind === 'postcode' || kind === 'county' || kind === 'state' || kind === 'country') return text(kind);
  return undefined;
}
