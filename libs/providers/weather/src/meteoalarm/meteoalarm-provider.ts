import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { Provider, ProviderSettings, WeatherOperations } from '@universal-api/providers-spec';
import { createMemo } from '../memo.ts';
import { manifest } from './manifest.ts';
import { feeds } from './meteoalarm-feeds.ts';
import { toWarningsAt } from './meteoalarm-mapping.ts';
import { meteoalarmFeed, type MeteoalarmFeed } from './meteoalarm-schema.ts';

/** Spain on a wild day has 2.3 MB. */
const maxBytes = 16 * 1024 * 1024;
/** Feeds kept; they are large. */
const keptFeeds = 8;

/**
 * Official warnings at a point in Europe, from the feed of its country. Keyless.
 *
 * In:     a place with its country; a language. A feed is kept for a minute; `now` (ms since the epoch) says how old it is.
 * Out:    the warnings that hold at the point, in the language wanted, else in English, else in the service's own.
 * Loss:   `area_not_matched`: services that give their areas no outline; their warnings are all of the country's.
 * Errors: `empty` without a country that has a feed, `quota_exhausted` (429), `malformed` if a field is gone.
 * Source: https://feeds.meteoalarm.org; CAP 1.2 (https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html).
 */
export function createMeteoalarmProvider(
  settings: ProviderSettings,
  now: () => number = Date.now,
): Provider & { operations: WeatherOperations } {
  const recent = createMemo<MeteoalarmFeed>({ limit: keptFeeds, maxAgeMs: 60_000, now });
  return {
    manifest,
    operations: {
      async 'weather.alerts'({ location, language }, context) {
        const { countryCode = '' } = location;
        const country = Object.hasOwn(feeds, countryCode) ? feeds[countryCode] : undefined;
        if (!country) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        const url = `${settings.hosts['base']}/warnings/feeds-${country}`;
        const feed = await recent.remember(country, () =>
          getJson({ url, schema: meteoalarmFeed, context, manifest, settings, maxBytes }),
        );
        const { alerts, unplaced } = toWarningsAt(feed, location, language, now());
        if (unplaced > 0) context.degrade('area_not_matched', String(unplaced), 'point', 'country');
        return alerts;
      },
    },
  };
}
