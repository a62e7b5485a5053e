/**
 * Zones whose name in ICU is older than the one of the IANA database, with the present one.
 * Source: `backward` of the IANA time zone database, 2026c.
 */
const presentNames: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** The present IANA name of a zone that ICU names. */
export function toIanaName(icuName: string): string {
  return presentNames[icuName] ?? icuName;
}

/**
 * Zones of a country by their IANA names, in alphabetical order, from the ICU data that the runtime carries.
 * In: ISO 3166-1 alpha-2, upper case. Out: empty for a country that the time zone database names no zone for.
 */
export function zonesOfCountry(countryCode: string): readonly string[] {
  const locale = new Intl.Locale(`und-${countryCode}`) as Intl.Locale & { getTimeZones(): string[] | undefined };
  // A code that is no longer in use stands for its successor, which is asked by its own code.
  if (locale.region !== countryCode) return [];
  return (locale.getTimeZones() ?? []).map(toIanaName).sort();
}
