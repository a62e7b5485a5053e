import type { Gazetteer } from '../src/plan/recognise.ts';

const countries: Readonly<Record<string, readonly [code: string, zones: number]>> = {
  peru: ['PE', 1],
  pérou: ['PE', 1],
  france: ['FR', 1],
  espagne: ['ES', 2],
  spain: ['ES', 2],
  japan: ['JP', 1],
  japon: ['JP', 1],
  'united states': ['US', 20],
  usa: ['US', 20],
  us: ['US', 20],
  'états-unis': ['US', 20],
  uk: ['GB', 1],
  netherlands: ['NL', 1],
  'pays-bas': ['NL', 1],
  switzerland: ['CH', 1],
  suisse: ['CH', 1],
  singapore: ['SG', 1],
  brazil: ['BR', 12],
  brésil: ['BR', 12],
  "côte d'ivoire": ['CI', 1],
  maroc: ['MA', 1],
  turkey: ['TR', 1],
  chad: ['TD', 1],
  inde: ['IN', 1],
  'south africa': ['ZA', 1],
  it: ['IT', 1],
  to: ['TO', 1],
  me: ['ME', 1],
};
const cities: Readonly<Record<string, readonly [name: string, population: number, countryCode?: string]>> = {
  lyon: ['Lyon', 472_000],
  'lyon, france': ['Lyon', 472_000],
  paris: ['Paris', 2_100_000],
  'paris tx': ['Paris', 24_000],
  tokyo: ['Tokyo', 8_300_000],
  'new york': ['New York', 8_000_000],
  nice: ['Nice', 342_000],
  mobile: ['Mobile', 190_000],
  brest: ['Brest', 139_000],
  'la rochelle': ['La Rochelle', 75_000],
  havre: ['Havre', 9_800, 'US'],
  'le havre': ['Le Havre', 170_000, 'FR'],
  "les sables-d'olonne": ["Les Sables-d'Olonne", 45_000, 'FR'],
  souris: ['Souris', 1_900],
  orange: ['Orange', 140_000],
  'san francisco': ['San Francisco', 870_000],
  san: ['San Pedro', 200_000],
  londres: ['Londres', 9_000_000],
  "villeneuve-d'ascq": ["Villeneuve-d'Ascq", 62_000],
  haifa: ['Haifa', 280_000],
  singapore: ['Singapore', 5_600_000, 'SG'],
  brazil: ['Brazil', 8_000, 'US'],
};

/** A few countries and cities, so that planning can be tested without the data of the providers. */
export const smallGazetteer: Gazetteer = {
  country(name) {
    const found = countries[name.toLowerCase().replaceAll('’', "'")];
    const zones = found && Array.from({ length: found[1] }, (_, index) => `Zone/${index}`);
    return Promise.resolve(found && { code: found[0], timezones: zones ?? [] });
  },
  place(name) {
    const found = cities[name.toLowerCase().replaceAll('’', "'")];
    return Promise.resolve(found && { name: found[0], population: found[1], countryCode: found[2] });
  },
};
