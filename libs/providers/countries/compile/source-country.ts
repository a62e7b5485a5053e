/** One entry of `countries.json` of world-countries 5.1.0, as far as it is used. Languages are ISO 639-3 or 639-2/B. */
export interface SourceCountry {
  readonly name: {
    readonly common: string;
    readonly official: string;
    readonly native: Readonly<Record<string, Names>>;
  };
  readonly tld: readonly string[];
  readonly cca2: string;
  readonly ccn3: string;
  readonly cca3: string;
  readonly independent: boolean | null;
  readonly unMember: boolean;
  readonly currencies: Readonly<Record<string, { readonly name: string; readonly symbol: string }>>;
  readonly idd: { readonly root: string; readonly suffixes: readonly string[] };
  readonly capital: readonly string[];
  readonly altSpellings: readonly string[];
  readonly region: string;
  readonly subregion: string;
  readonly languages: Readonly<Record<string, string>>;
  readonly translations: Readonly<Record<string, Names>>;
  readonly latlng: readonly number[];
  readonly landlocked: boolean;
  readonly borders: readonly string[];
  /** km²; -1 where unknown. */
  readonly area: number;
  readonly demonyms: Readonly<Record<string, { readonly m: string }>>;
}

interface Names {
  readonly common: string;
  readonly official: string;
}
