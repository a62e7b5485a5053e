import { ProviderFailure } from '@universal-api/providers-kit';
import { onFirstUse } from '@universal-api/providers-kit/local/on-first-use';
import type { ProviderManifest, TimeOperations } from '@universal-api/providers-spec';
import { findInstant, parseTime } from './local-time.ts';
import { manifest } from './manifest.ts';
import { createZoneClock } from './zone-clock.ts';
import { toZonedTime } from './zoned-time.ts';
import { createZoneList, loadCountriesByZone } from './zone-list.ts';

/** The clock as a provider. */
export interface LocalClockProvider {
  readonly manifest: ProviderManifest;
  readonly operations: Required<Pick<TimeOperations, 'time.now' | 'time.convert' | 'time.zones'>>;
}

/**
 * Time in any zone, from the ICU data of the runtime: no network, no package.
 *
 * In:     IANA zone in any case, or a link to it; a time is ISO 8601, local to `from` unless it has an offset.
 * Out:    offsets in seconds east of UTC, exact for the tz release that the runtime carries; `abbreviation` only where
 *         the locale data has letters; `nextTransition` is the next change of the offset within two years.
 * Errors: `caller_error` naming `timezone`, `from`, `to` or `time`.
 * Source: ECMA-402; IANA time zone database.
 */
export function createLocalClockProvider(now: () => number = Date.now): LocalClockProvider {
  const clock = createZoneClock();
  const listZones = onFirstUse(manifest.id, () => createZoneList(clock, loadCountriesByZone()));

  function zoneOf(field: string, name: string): string {
    return clock.resolve(name.trim()) ?? refuse(field, 'an IANA time zone');
  }

  return {
    manifest,
    operations: {
      async 'time.now'({ timezone, at }) {
        return toZonedTime(clock, zoneOf('timezone', timezone), at?.getTime() ?? now());
      },
      async 'time.convert'({ time, from, to }) {
        const source = zoneOf('from', from);
        const target = zoneOf('to', to);
        const written = parseTime(time) ?? refuse('time', 'an ISO 8601 date and time, such as 2026-03-29T14:30');
        const found =
          written.kind === 'instant'
            ? { at: written.ms, ambiguous: false, skipped: false }
            : findInstant(clock, source, written.ms);
        return {
          from: toZonedTime(clock, source, found.at),
          to: toZonedTime(clock, target, found.at),
          ambiguous: found.ambiguous,
          skipped: found.skipped,
        };
      },
      async 'time.zones'(question) {
        return (await listZones())(question, now());
      },
    },
  };
}

function refuse(field: string, rule: string): never {
  const internal = `${field} is not ${rule}`;
  throw new ProviderFailure({
    provider: manifest.id,
    failure: 'caller_error',
    internal,
    fieldErrors: [{ field, rule }],
  });
}
