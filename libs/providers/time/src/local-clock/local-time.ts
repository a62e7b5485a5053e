import type { ZoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;
const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-](?:0\d|1[0-8]):?[0-5]\d(?::[0-5]\d)?)?$/i;

/** A time as a caller wrote it: an instant if it had an offset, else what a clock shows. */
export type WrittenTime = { readonly kind: 'instant' | 'local'; readonly ms: number };

/**
 * Reads `YYYY-MM-DD`, with `Thh:mm`, `:ss` and an offset if given; undefined if it is not such a time.
 * `ms` of a local time counts as if the clock showed UTC. Source: RFC 3339, section 5.6, offset and time optional; seconds
 * in an offset as RFC 9557 has them, so that every time this gives can be read again.
 */
export function parseTime(text: string): WrittenTime | undefined {
  const parts = pattern.exec(text.trim());
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as Six;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDate || hour > 23 || minute > 59 || second > 59) return undefined;
  const fractionMs = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1_000);
  const ms = date.setUTCHours(hour, minute, second, fractionMs);
  const offset = parts[8];
  return offset ? { kind: 'instant', ms: ms - offsetMsOf(offset) } : { kind: 'local', ms };
}

/** The instant at which a zone's clock shows a local time. */
export interface FoundInstant {
  readonly at: number;
  /** The clock shows it twice; `at` is the first time. */
  readonly ambiguous: boolean;
  /** The clock never shows it; `at` is as long after the jump as the asked time is after its start. */
  readonly skipped: boolean;
}

/** Finds the instant of a local time (`ms` as `parseTime` gives it) in a zone that the clock resolved. */
export function findInstant(clock: ZoneClock, zone: string, localMs: number): FoundInstant {
  // No offset is larger than a day, so the change that matters, if any, lies between these two.
  const earlier = clock.offsetAt(zone, localMs - dayMs) * 1_000;
  const later = clock.offsetAt(zone, localMs + dayMs) * 1_000;
  const isShown = (offsetMs: number) => clock.offsetAt(zone, localMs - offsetMs) * 1_000 === offsetMs;
  const shown = [...new Set([earlier, later])].filter(isShown).map((offsetMs) => localMs - offsetMs);
  if (shown.length === 0) return { at: localMs - earlier, ambiguous: false, skipped: true };
  return { at: Math.min(...shown), ambiguous: shown.length > 1, skipped: false };
}

type Six = [number, number, number, number, number, number];

function offsetMsOf(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const [hours, minutes, seconds] = (offset.slice(1).replaceAll(':', '').match(/\d\d/g) ?? []).map(Number);
  const sizeS = (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return (offset.startsWith('-') ? -sizeS : sizeS) * 1_000;
}
