import { expect, test } from '@jest/globals';
import { checkRegistry } from '@universal-api/providers-kit';
import { geocodingProviders } from './index.ts';

test('the registry has no complaints, and the provider that always answers is last', () => {
  expect(checkRegistry(geocodingProviders)).toEqual([]);
  expect(geocodingProviders.map(({ manifest }) => manifest.id)).toEqual([
    'nominatim',
    'photon',
    'opencage',
    'positionstack',
    'open_meteo',
    'local_cities',
  ]);
});
