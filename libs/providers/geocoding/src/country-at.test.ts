import { expect, test } from '@jest/globals';
import { countryAt } from './country-at.ts';

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
