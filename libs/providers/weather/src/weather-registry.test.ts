import { expect, test } from '@jest/globals';
import { checkRegistry } from '@universal-api/providers-kit';
import { weatherProviders } from './index.ts';

test('the registry has no complaints, and its order is that of the chain', () => {
  expect(checkRegistry(weatherProviders)).toEqual([]);
  expect(weatherProviders.map(({ manifest }) => manifest.id)).toEqual(['open_meteo', 'met_norway']);
});
