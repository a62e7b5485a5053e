import { expect, test } from '@jest/globals';
import { createCountryAt } from './country-at.ts';

const countryAt = createCountryAt();

test.each([
  ['Berlin', 52.52, 13.41, 'DE'],
  ['Oslo', 59.91, 10.75, 'NO'],
  ['Longyearbyen', 78.22, 15.65, 'SJ'],
  ['Kansas', 39.7456, -97.0892, 'US'],
  ['San Juan', 18.4, -66.1, 'PR'],
  ['Tenerife', 28.3, -16.5, 'ES'],
  ['Sicily', 37.5, 14, 'IT'],
  ['Lima', -12.05, -77.04, 'PE'],
  ['the South Pacific', -45, -120, undefined],
])('%s lies in its country, if in any', async (_name, lat, lon, country) => {
  expect(await countryAt({ lat, lon })).toBe(country);
});

test('the polygons are loaded once, and again after a failure', async () => {
  let loads = 0;
  const find = createCountryAt(async () => {
    loads += 1;
    if (loads === 1) throw new Error('no such file');
    return () => 'PE';
  });
  const point = { lat: 0, lon: 0 };
  await expect(find(point)).rejects.toThrow('no such file');
  expect(await find(point)).toBe('PE');
  expect(await find(point)).toBe('PE');
  expect(loads).toBe(2);
});
