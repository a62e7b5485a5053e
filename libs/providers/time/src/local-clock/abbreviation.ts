/** Where the locale data names zones by letters; each locale knows those of its own part of the world. */
const locales = ['en-US', 'en-GB', 'en-IE', 'en-AU', 'en-NZ', 'en-CA', 'en-IN', 'en-ZA', 'en-HK', 'ja-JP'];

/**
 * Letters by which a zone's time is known, such as `CEST`; undefined where the locale data has none.
 * In: IANA zone, instant in ms. Source: CLDR, names of metazones.
 */
export function abbreviationAt(zone: string, at: number): string | undefined {
  for (const locale of locales) {
    const name = zoneNameAt(zone, at, locale, 'short');
    if (/^[A-Z]{2,5}$/.test(name)) return name;
  }
  return undefined;
}

/** How a locale names a zone's time at an instant; `GMT+5` and the like where it has no name. */
export function zoneNameAt(zone: string, at: number, locale: string, style: 'short' | 'long'): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: style }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
