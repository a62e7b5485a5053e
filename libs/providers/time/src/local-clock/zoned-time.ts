import type { ZonedTime } from '@universal-api/providers-spec';
import type { ZoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;

/** What the clock of a zone shows at an instant (ms since the epoch). `zone` is a name that the clock resolved. */
export function toZonedTime(clock: ZoneClock, zone: string, at: number): ZonedTime {
  const { nextTransition, ...span } = clock.spanAt(zone, at);
  const localMs = at + span.utcOffsetS * 1_000;
  return {
    timezone: zone,
    localTime: writeLocalTime(localMs, span.utcOffsetS),
    utcTime: new Date(at),
    ...span,
    ...(nextTransition === undefined ? {} : { nextTransition: new Date(nextTransition) }),
    isoWeek: isoWeekOf(localMs),
    dayOfYear: dayOfYearOf(localMs),
    unixS: at / 1_000,
  };
}

/** Week of the year by ISO 8601: weeks begin on Monday, the first is the one with the year's first Thursday. 1..53. */
export function isoWeekOf(localMs: number): number {
  const mondayBased = (new Date(localMs).getUTCDay() + 6) % 7;
  const thursday = localMs + (3 - mondayBased) * dayMs;
  return Math.floor((dayOfYearOf(thursday) - 1) / 7) + 1;
}

/** Day of the year, 1..366. */
export function dayOfYearOf(localMs: number): number {
  const newYear = new Date(localMs);
  newYear.setUTCMonth(0, 1);
  newYear.setUTCHours(0, 0, 0, 0);
  return Math.floor((localMs - newYear.getTime()) / dayMs) + 1;
}

function writeLocalTime(localMs: number, offsetS: number): string {
  const local = new Date(localMs)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, '');
  return local + writeOffset(offsetS);
}

/** Offsets before about 1900 have seconds, which ISO 8601 has no form for; they are written as RFC 9557 does. */
function writeOffset(offsetS: number): string {
  const size = Math.abs(offsetS);
  const parts = [Math.floor(size / 3_600), Math.floor(size / 60) % 60];
  if (size % 60 !== 0) parts.push(size % 60);
  return (offsetS < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}
