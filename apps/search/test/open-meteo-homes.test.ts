import { describe, expect, test } from '@jest/globals';
import { describeProvider } from '@universal-api/providers-kit/contract';
import { resolveHomes } from '@universal-api/providers-router';
import { allProviders } from './search-harness.ts';

// Here, and not beside the provider: a category never sees another one, and the only manifest is in `weather`.
const resolved = resolveHomes(allProviders).filter(({ manifest }) => manifest.id === 'open_meteo');
const away = resolved.find(({ operations }) => operations.includes('geocoding.forward'));
if (!away) throw new Error('open_meteo does not serve geocoding');

describeProvider({
  entry: away,
  fixtures: new URL('../../../libs/providers/geocoding/src/open-meteo/fixtures/', import.meta.url),
  questions: {
    'geocoding.forward': { address: 'Berlin', limit: 5, language: 'en' },
    'geocoding.elevation': { lat: 52.52, lon: 13.41 },
  },
  expects: {
    'geocoding.elevation.notice-range': 'caller_error',
    ...Object.fromEntries(
      ['geocoding.forward', 'geocoding.elevation'].flatMap((operation) => [
        [`${operation}.notice-daily-limit`, 'quota_exhausted'],
        [`${operation}.notice-hourly-limit`, 'quota_exhausted'],
        [`${operation}.notice-html`, 'malformed'],
      ]),
    ),
  },
  absent: { 'geocoding.elevation.empty': 'the model covers every point of the Earth' },
});

describe('open_meteo', () => {
  test('is one provider with a part in two categories, each with its own operations', () => {
    expect(resolved).toHaveLength(2);
    expect(new Set(resolved.map(({ manifest }) => manifest)).size).toBe(1);
    const served = resolved.map(({ operations }) => operations);
    expect(served[1]).toEqual(['geocoding.forward', 'geocoding.elevation']);
    expect(served[0]?.every((operation) => operation.startsWith('weather.'))).toBe(true);
  });
});
