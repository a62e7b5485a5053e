import { toIanaName, zonesOfCountry } from '@universal-api/providers-kit/local/zone-names';
import type { TimeZoneFacts } from '@universal-api/providers-spec';
import { isDaylightTime } from './daylight-time.ts';
import type { ZoneClock } from './zone-clock.ts';

/** Which zones are wanted: both conditions hold. */
export interface ZonesQuestion {
  /** ISO 3166-1 alpha-2, any case. */
  readonly countryCode?: string;
  /** Part of the zone's name; a space stands for an underscore. */
  readonly query?: string;
}

/** Lists zones by name, with what their clocks show at an instant (ms). Empty if none matches. */
export type ListZones = (question: ZonesQuestion, at: number) => TimeZoneFacts[];

/** A list over a clock. What each zone shows is kept for the minute: no clock changes within one. */
export function createZoneList(clock: ZoneClock, countries: ReadonlyMap<string, readonly string[]>): ListZones {
  const ids = Intl.supportedValuesOf('timeZone').map(toIanaName).sort();
  const known = new Map<string, TimeZoneFacts>();
  let knownMinute = Number.NaN;

  function factsOf(id: string, at: number): TimeZoneFacts {
    const minute = Math.floor(at / 60_000);
    if (minute !== knownMinute) known.clear();
    knownMinute = minute;
    const offset = (instant: number) => clock.offsetAt(id, instant);
    const facts = known.get(id) ?? {
      id,
      utcOffsetS: offset(at),
      isDst: isDaylightTime(id, at, offset),
      countryCodes: countries.get(id) ?? [],
    };
    known.set(id, facts);
    return facts;
  }

  return ({ countryCode, query }, at) => {
    const country = countryCode?.toUpperCase();
    const part = query?.trim().toLowerCase().replaceAll(' ', '_') ?? '';
    return ids
      .filter((id) => id.toLowerCase().includes(part) && (!country || countries.get(id)?.includes(country)))
      .map((id) => factsOf(id, at));
  };
}

/** Countries (ISO 3166-1 alpha-2) of each zone, as the ICU data of the runtime relates them. */
export function loadCountriesByZone(): ReadonlyMap<string, readonly string[]> {
  const countries = new Map<string, string[]>();
  for (const code of regionCodes()) {
    for (const zone of zonesOfCountry(code)) countries.set(zone, [...(countries.get(zone) ?? []), code]);
  }
  return countries;
}

/** All pairs of letters that are names of regions. */
function regionCodes(): string[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  return letters.flatMap((first) => letters.map((second) => first + second)).filter((code) => names.of(code));
}
