import { toIanaName } from '@universal-api/providers-kit/local/zone-names';
import { abbreviationAt } from './abbreviation.ts';
import { isDaylightTime } from './daylight-time.ts';
import { findChange } from './find-change.ts';

const dayMs = 86_400_000;
/** How far a next change is looked for, and how much further, so that a zone without one is seldom looked at again. */
const horizonMs = 731 * dayMs;
const marginMs = 30 * dayMs;
const maxOpenFormats = 32;

/** A time during which a zone's offset stays what it is. */
export interface ZoneSpan {
  readonly utcOffsetS: number;
  readonly isDst: boolean;
  readonly abbreviation?: string;
  /** Instant of the next change of the offset within two years, ms since the epoch. */
  readonly nextTransition?: number;
}

/** Time zones as the runtime knows them. Instants are ms since the epoch, zones are names that `resolve` gave. */
export interface ZoneClock {
  /** IANA name of a zone in any case, or of a link to it; undefined for anything else, fixed offsets too. */
  resolve(name: string): string | undefined;
  /** Seconds east of UTC. */
  offsetAt(zone: string, at: number): number;
  spanAt(zone: string, at: number): ZoneSpan;
}

interface KnownSpan {
  readonly from: number;
  /** First instant about which this says nothing: a change, or the end of what was looked at. */
  readonly until: number;
  readonly changes: boolean;
  readonly facts: Omit<ZoneSpan, 'nextTransition'>;
}

/** A clock over the ICU data of the runtime. It remembers the last span of each zone: `now` costs no look-up. */
export function createZoneClock(): ZoneClock {
  // Both are bounded by the number of zone names there are, since only valid ones are kept.
  const resolved = new Map<string, string>();
  const spans = new Map<string, KnownSpan>();
  const offsetAt = createOffsets();

  function look(zone: string, at: number): KnownSpan {
    const offset = (instant: number) => offsetAt(zone, instant);
    const change = findChange(offset, at, at + horizonMs + marginMs);
    const span = {
      from: at,
      until: change ?? at + marginMs,
      changes: change !== undefined,
      facts: {
        utcOffsetS: offset(at),
        isDst: isDaylightTime(zone, at, offset),
        abbreviation: abbreviationAt(zone, at),
      },
    };
    spans.set(zone, span);
    return span;
  }

  return {
    offsetAt,
    resolve(name) {
      const key = name.toLowerCase();
      const known = resolved.get(key);
      if (known) return known;
      const zone = resolveZone(name);
      if (zone) resolved.set(key, zone);
      return zone;
    },
    spanAt(zone, at) {
      let span = spans.get(zone);
      if (!span || at < span.from || at >= span.until) span = look(zone, at);
      const isNear = span.changes && span.until - at <= horizonMs;
      return isNear ? { ...span.facts, nextTransition: span.until } : span.facts;
    },
  };
}

function resolveZone(name: string): string | undefined {
  // ICU would take "+05:30" too, which is an offset and no zone.
  if (!/^[a-z]/i.test(name)) return undefined;
  try {
    return toIanaName(new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone);
  } catch {
    // The only way that Intl has to say that it knows no such zone.
    return undefined;
  }
}

function createOffsets(): (zone: string, at: number) => number {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (zone, at) => {
    let format = formats.get(zone);
    if (!format) {
      if (formats.size >= maxOpenFormats) formats.delete(formats.keys().next().value ?? '');
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
      formats.set(zone, format);
    }
    return readOffset(format.format(at));
  };
}

function readOffset(text: string): number {
  const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  if (!sign) return 0;
  const size = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}
