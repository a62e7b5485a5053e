import type { Place, Point } from './place.ts';
import type { ProviderOperation } from './provider.ts';

/** Question of `geocoding.forward`. */
export interface ForwardQuestion {
  readonly address: string;
  /** 1..20 */
  readonly limit: number;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countryCode?: string;
  /** BCP 47. */
  readonly language: string;
}

/** Question of `geocoding.reverse`. */
export interface ReverseQuestion extends Point {
  /** BCP 47. */
  readonly language: string;
}

/** Answer of `geocoding.reverse`; nothing there is the failure `not_found`. */
export interface ReverseAnswer {
  readonly result: Place;
  /** From the point to the object, metres. */
  readonly distanceM?: number;
}

/** Question of `geocoding.postcode`. */
export interface PostcodeQuestion {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countryCode: string;
  readonly postcode: string;
}

/** Answer of `geocoding.elevation`. */
export interface Elevation {
  /** Above sea level. */
  readonly elevationM: number;
  /** The elevation model. */
  readonly dataset: string;
}

/** The operations of the category. */
export interface GeocodingOperations {
  /** Best first, at most `limit`; nothing found is the failure `empty`. */
  readonly 'geocoding.forward'?: ProviderOperation<ForwardQuestion, readonly Place[]>;
  readonly 'geocoding.reverse'?: ProviderOperation<ReverseQuestion, ReverseAnswer>;
  /** Best first; nothing found is the failure `empty`. */
  readonly 'geocoding.postcode'?: ProviderOperation<PostcodeQuestion, readonly Place[]>;
  readonly 'geocoding.elevation'?: ProviderOperation<Point, Elevation>;
}
