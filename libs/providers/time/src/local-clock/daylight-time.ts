import { zoneNameAt } from './abbreviation.ts';
import { findChange } from './find-change.ts';

const dayMs = 86_400_000;

/**
 * Whether a zone's clock is ahead of its standard time at an instant.
 *
 * Intl does not say it, its English names do: "Central European Summer Time". Irish Standard Time is the summer time of
 * Ireland. A zone without a name (Morocco, Troll) is ahead if its clock comes from, and goes back to, a smaller offset
 * within a year; the standard time of Morocco is then the one of Ramadan, as in the database that ICU is made from.
 */
export function isDaylightTime(zone: string, at: number, offset: (at: number) => number): boolean {
  const name = zoneNameAt(zone, at, 'en-US', 'long');
  if (/Daylight|Summer|Irish Standard/.test(name)) return true;
  if (!/^GMT[+-]/.test(name)) return false;
  const here = offset(at);
  const next = findChange(offset, at, at + 366 * dayMs);
  const last = findChange((instant) => offset(-instant), -at, -at + 366 * dayMs);
  if (next === undefined || last === undefined) return false;
  return offset(next) < here && offset(-last) < here;
}
