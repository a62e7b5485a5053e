import { describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { createLocalZonesProvider } from './local-zones-provider.ts';
import { createTileStore, loadApproximateBoundaries } from './zone-boundaries.ts';

function callContext(degraded: string[] = []): CallContext {
  return {
    signal: new AbortController().signal,
    deadlineAt: 0,
    language: 'en',
    degrade: (code) => degraded.push(code),
    expiresAt: () => undefined,
  };
}

const exact = createLocalZonesProvider().operations['time.zone_at'];
const approximate = createLocalZonesProvider(loadApproximateBoundaries).operations['time.zone_at'];

describe.each([
  ['polygons', exact, []],
  ['the raster', approximate, ['approximate_boundary']],
] as const)('by %s', (_, zoneAt, loss) => {
  test.each([
    ['Paris', 48.8566, 2.3522, 'Europe/Paris', false],
    ['Tokyo', 35.6762, 139.6503, 'Asia/Tokyo', false],
    ['Kolkata', 22.5726, 88.3639, 'Asia/Kolkata', false],
    ['Buenos Aires', -34.6037, -58.3816, 'America/Argentina/Buenos_Aires', false],
    ['the middle of the Atlantic', 30, -40, 'Etc/GMT+3', true],
    ['the Gulf of Guinea', 0, 0, 'Etc/GMT', true],
  ])('%s has its zone', async (__, lat, lon, timezone, atSea) => {
    const degraded: string[] = [];
    expect(await zoneAt({ lat, lon }, callContext(degraded))).toEqual({ timezone, atSea });
    expect(degraded).toEqual(loss);
  });

  test('every point of the globe has a zone that the runtime knows', async () => {
    const point = fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(point, async (where) => {
        const { timezone, atSea } = await zoneAt(where, callContext());
        expect(() => new Intl.DateTimeFormat('en', { timeZone: timezone })).not.toThrow();
        expect(atSea).toBe(timezone.startsWith('Etc/GMT'));
      }),
      { numRuns: 60 },
    );
  });

  test('a point off the globe is the caller’s error, by field', async () => {
    const failure = await zoneAt({ lat: 91, lon: Number.NaN }, callContext()).catch((cause: unknown) => cause);
    expect(ProviderFailure.is(failure) && [failure.failure, failure.fieldErrors?.map(({ field }) => field)]).toEqual([
      'caller_error',
      ['lat', 'lon'],
    ]);
  });
});

test('Amsterdam is not merged into its neighbour', async () => {
  expect((await exact({ lat: 52.3676, lon: 4.9041 }, callContext())).timezone).toBe('Europe/Amsterdam');
});

test('boundaries that cannot be read are left to another provider, and read anew by the next call', async () => {
  let reads = 0;
  const provider = createLocalZonesProvider(async () => {
    reads += 1;
    if (reads === 1) throw new Error('disk');
    return { isExact: true, find: () => ['Europe/Paris'] };
  });
  const ask = () => provider.operations['time.zone_at']({ lat: 1, lon: 1 }, callContext());
  const failure = await ask().catch((cause: unknown) => cause);
  expect(ProviderFailure.is(failure) && failure.failure).toBe('retry_elsewhere');
  expect((await ask()).timezone).toBe('Europe/Paris');
});

test('the tile store keeps no more than its limit', () => {
  const store = createTileStore<number>(2);
  for (const [index, key] of ['a', 'b', 'c'].entries()) store.set(key, index);
  expect([store.get('a'), store.get('b'), store.get('c')]).toEqual([undefined, 1, 2]);
});
