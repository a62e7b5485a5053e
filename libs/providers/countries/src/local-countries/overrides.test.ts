import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext } from '@universal-api/providers-spec';
import { compile } from '../../compile/compile-countries.ts';
import { createLocalCountriesProvider } from './local-countries-provider.ts';

const gen = fileURLToPath(new URL('../../gen/', import.meta.url));
const context: CallContext = {
  signal: new AbortController().signal,
  deadlineAt: 0,
  language: 'en',
  degrade: () => undefined,
  expiresAt: () => undefined,
};
const { operations } = createLocalCountriesProvider();
const get = (code: string) => operations['countries.get']({ code }, context);

beforeAll(async () => {
  if (!existsSync(`${gen}countries.bin`)) await compile(gen);
});

test.each([
  ['Turkey', 'TR'],
  ['Türkiye', 'TR'],
  ['The Bahamas', 'BS'],
  ['The Gambia', 'GM'],
  ['Holy See', 'VA'],
  ['Vatican', 'VA'],
  ['Czech Republic', 'CZ'],
  ['Ivory Coast', 'CI'],
  ['Burma', 'MM'],
  ['Swaziland', 'SZ'],
  ['Cape Verde', 'CV'],
  ['Cabo Verde', 'CV'],
  ['East Timor', 'TL'],
  ['USA', 'US'],
  ['U.S.A.', 'US'],
  ['America', 'US'],
  ['UK', 'GB'],
  ['Great Britain', 'GB'],
  ['Britain', 'GB'],
  ['The Philippines', 'PH'],
  ['PRC', 'CN'],
])('the well-known English name "%s" is %s', async (name, code) => {
  expect((await get(name)).code).toBe(code);
});

test.each(['England', 'Korea'])('"%s" is no country, or not one alone', async (name) => {
  const failure = await get(name).catch((cause: unknown) => cause);
  expect(ProviderFailure.is(failure) && failure.failure).toBe('not_found');
});

test.each([
  ['BG', ['EUR']],
  ['HR', ['EUR']],
  ['CW', ['XCG']],
  ['SX', ['XCG']],
  ['SL', ['SLE']],
  ['ZW', ['ZWG', 'USD']],
  ['FM', ['USD']],
])('the money of %s is that of today', async (country, currencies) => {
  expect((await get(country)).currencies.map(({ code }) => code)).toEqual(currencies);
});

test('Hong Kong has no capital: the name of a colonial town is none', async () => {
  expect((await get('HK')).capitals).toEqual([]);
});
