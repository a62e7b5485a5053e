import { toText } from '@universal-api/providers-kit';
import type {
  ForwardQuestion,
  Place,
  PlaceKind,
  ProviderSettings,
  ReverseAnswer,
  ReverseQuestion,
} from '@universal-api/providers-spec';
import { toAlpha2 } from './country-codes.ts';
import type { PositionstackResult } from './positionstack-schema.ts';

/** Parameters: https://positionstack.com/documentation#forward_geocoding. */
export function toSearchUrl(settings: ProviderSettings, question: ForwardQuestion): string {
  return toUrl(settings, 'forward', {
    query: question.address,
    limit: String(question.limit),
    language: primaryOf(question.language),
    ...(question.countryCode && { country: question.countryCode }),
  });
}

/** Latitude and longitude are the query of a reverse question. */
export function toReverseUrl(settings: ProviderSettings, { lat, lon, language }: ReverseQuestion): string {
  const query = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  return toUrl(settings, 'reverse', { query, limit: '1', language: primaryOf(language) });
}

function toUrl(
  { hosts, key }: ProviderSettings,
  endpoint: 'forward' | 'reverse',
  parameters: Readonly<Record<string, string>>,
): string {
  const credential = key ? `&access_key=${encodeURIComponent(key.reveal())}` : '';
  return `${hosts['base']}/${endpoint}?${new URLSearchParams(parameters)}${credential}`;
}

function primaryOf(language: string): string {
  return language.toLowerCase().split('-')[0] ?? '';
}

/** A place of ours; it has no id of theirs. */
export function toPlace(found: PositionstackResult): Place {
  const { latitude: lat, longitude: lon, confidence } = found;
  const kind = kinds.get(found.type ?? '') ?? 'poi';
  const name = toText(found.name);
  const label = toText(found.label) ?? name ?? `${lat}, ${lon}`;
  return {
    name: name ?? label,
    label,
    lat,
    lon,
    kind,
    houseNumber: toText(found.number),
    street: toText(found.street),
    postcode: toText(found.postal_code),
    city: toText(found.locality),
    county: toText(found.county),
    state: toText(found.region),
    country: toText(found.country),
    countryCode: toAlpha2(found.country_code ?? ''),
    confidence: confidence != null && confidence >= 0 && confidence <= 1 ? confidence : undefined,
  };
}

/** A place, and how far it is as they say. */
export function toReverseAnswer(found: PositionstackResult): ReverseAnswer {
  return { result: toPlace(found), distanceM: found.distance ?? undefined };
}

/** Types: https://positionstack.com/documentation#api_response; what is not an area is a point of interest. */
const kinds: ReadonlyMap<string, PlaceKind> = new Map([
  ['address', 'house'],
  ['street', 'street'],
  ['postalcode', 'postcode'],
  ['neighbourhood', 'district'],
  ['borough', 'district'],
  ['localadmin', 'city'],
  ['locality', 'city'],
  ['county', 'county'],
  ['macrocounty', 'county'],
  ['region', 'state'],
  ['macroregion', 'state'],
  ['country', 'country'],
  ['dependency', 'country'],
]);
