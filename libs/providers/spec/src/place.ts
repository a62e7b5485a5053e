/** A point, WGS 84 degrees. */
export interface Point {
  /** -90..90 */
  readonly lat: number;
  /** -180..180 */
  readonly lon: number;
}

/** What kind of thing a place is. */
export type PlaceKind = 'house' | 'street' | 'postcode' | 'district' | 'city' | 'county' | 'state' | 'country' | 'poi';

/** A place on Earth; fields as in `uapi.common.v1.Place`. Absent means unknown. */
export interface Place extends Point {
  /** `<provider>:<native id>` */
  readonly id?: string;
  readonly name: string;
  readonly label: string;
  readonly kind: PlaceKind;
  readonly houseNumber?: string;
  readonly street?: string;
  readonly postcode?: string;
  readonly city?: string;
  readonly county?: string;
  readonly state?: string;
  readonly country?: string;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countryCode?: string;
  readonly timezone?: string;
  readonly population?: number;
  /** 0..1 */
  readonly confidence?: number;
  readonly bbox?: { readonly south: number; readonly west: number; readonly north: number; readonly east: number };
}
