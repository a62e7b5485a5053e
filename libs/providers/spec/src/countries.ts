import type { ProviderOperation } from './provider.ts';

/** A country or territory; fields as in `uapi.search.v1.Country`. */
export interface Country {
  readonly code: string;
  readonly alpha3: string;
  readonly numeric: string;
  readonly name: string;
  readonly officialName: string;
  /** Common names by ISO 639-3 code. */
  readonly names: Readonly<Record<string, string>>;
  readonly capitals: readonly string[];
  readonly region: string;
  readonly subregion: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly areaKm2?: number;
  readonly population?: number;
  readonly populationYear?: number;
  readonly currencies: readonly { readonly code: string; readonly name: string; readonly symbol?: string }[];
  readonly languages: readonly { readonly code: string; readonly name: string }[];
  readonly callingCodes: readonly string[];
  readonly tlds: readonly string[];
  readonly borders: readonly string[];
  readonly timezones: readonly string[];
  readonly flagEmoji: string;
  readonly flagUrl?: string;
  readonly landlocked: boolean;
  readonly independent?: boolean;
  readonly unMember?: boolean;
  readonly demonym?: string;
}

/** Question of `countries.list`: all given conditions hold. */
export interface CountriesQuestion {
  /** Part of a name in any language; accents and case do not matter. */
  readonly query?: string;
  readonly region?: string;
  readonly subregion?: string;
  /** ISO 4217. */
  readonly currency?: string;
  /** ISO 639-3 or 639-1. */
  readonly languageCode?: string;
}

/** The operations of the category. */
export interface CountryOperations {
  /** In order of English names; empty when none matches. */
  readonly 'countries.list'?: ProviderOperation<CountriesQuestion, readonly Country[]>;
  /** Code or exact name in any language; unknown is the failure `not_found`. */
  readonly 'countries.get'?: ProviderOperation<{ readonly code: string }, Country>;
}
