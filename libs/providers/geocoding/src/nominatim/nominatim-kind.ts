import type { PlaceKind } from '@universal-api/providers-spec';

const kinds: ReadonlyMap<string, PlaceKind> = new Map([
  ['house_number', 'house'],
  ['road', 'street'],
  ['postcode', 'postcode'],
  ['neighbourhood', 'district'],
  ['suburb', 'district'],
  ['quarter', 'district'],
  ['city_district', 'district'],
  ['district', 'district'],
  ['borough', 'district'],
  ['subdivision', 'district'],
  ['city', 'city'],
  ['town', 'city'],
  ['village', 'city'],
  ['hamlet', 'city'],
  ['municipality', 'city'],
  ['county', 'county'],
  ['state_district', 'county'],
  ['state', 'state'],
  ['province', 'state'],
  ['region', 'state'],
  ['country', 'country'],
]);

/** What a kind can be told from; fields as in https://nominatim.org/release-docs/latest/api/Output/. */
export interface KindFacts {
  readonly addresstype?: string;
  readonly place_rank?: number;
  readonly category?: string;
  readonly address?: Readonly<Record<string, string>>;
}

/**
 * The kind of a place: by its type in an address; a building or address point with a number is a house; else by its
 * rank (https://nominatim.org/release-docs/latest/customize/Ranking/), and a thing below the streets is a point of interest.
 */
export function toKind({ addresstype, place_rank: rank, category, address }: KindFacts): PlaceKind {
  const named = addresstype === undefined ? undefined : kinds.get(addresstype);
  if (named) return named;
  if (category === 'highway') return 'street';
  if (category === 'building' || category === 'place') {
    if (address?.['house_number']) return 'house';
  }
  if (rank === undefined || rank > 27) return 'poi';
  if (category !== 'boundary' && category !== 'place') return rank >= 26 ? 'street' : 'poi';
  return kindOfRank(rank);
}

function kindOfRank(rank: number): PlaceKind {
  if (rank <= 4) return 'country';
  if (rank <= 9) return 'state';
  if (rank <= 12) return 'county';
  if (rank <= 16) return 'city';
  return rank <= 25 ? 'district' : 'street';
}
