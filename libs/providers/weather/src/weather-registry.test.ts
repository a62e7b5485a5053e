import { expect, test } from '@jest/globals';
import { checkRegistry } from '@universal-api/providers-kit';
import { weatherProviders } from './index.ts';

test('the registry has no complaints, and its order is that of the chains', () => {
  expect(checkRegistry(weatherProviders)).toEqual([]);
  const chainOf = (operation: string) =>
    weatherProviders.flatMap(({ manifest }) => (operation in manifest.operations ? manifest.id : []));
  expect(chainOf('weather.current')).toEqual(['open_meteo', 'met_norway', 'nws', 'weatherapi']);
  expect(chainOf('weather.forecast')).toEqual(['open_meteo', 'met_norway', 'nws', 'weatherapi']);
  expect(chainOf('weather.air_quality')).toEqual(['open_meteo', 'weatherapi']);
  expect(chainOf('weather.alerts')).toEqual(['met_norway', 'nws', 'meteoalarm', 'weatherapi']);
});
