import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CallContext } from '@universal-api/providers-spec';
import { compile } from '../../compile/compile-cities.ts';
import { createLocalCitiesProvider } from './local-cities-provider.ts';

const gen = fileURLToPath(new URL('../../gen/', import.meta.url));
const context: CallContext = {
  signal: new AbortController().signal,
  deadlineAt: 0,
  language: 'en',
  degrade: () => undefined,
  expiresAt: () => undefined,
};
const { operations } = createLocalCitiesProvider();
const first = async (address: string, countryCode?: string) => {
  const question = { address, limit: 1, language: 'en', ...(countryCode ? { countryCode } : {}) };
  return (await operations['geocoding.forward'](question, context).catch(() => []))[0];
};

beforeAll(async () => {
  if (!existsSync(`${gen}cities.bin`)) await compile(gen);
}, 60_000);

describe('a state is that of today', () => {
  test.each([
    ['Hanoi', 'VN', 'Hanoi'],
    ['Ho Chi Minh City', 'VN', 'Ho Chi Minh City (HCMC)'],
    ['Da Nang', 'VN', 'Da Nang City'],
    ['Algiers', 'DZ', 'Algiers'],
    ['Lyon', 'FR', 'Auvergne-Rhône-Alpes'],
    ['Austin', 'US', 'Texas'],
  ])('%s (%s) lies in %s', async (city, countryCode, state) => {
    expect((await first(city, countryCode))?.state).toBe(state);
  });
});

describe('a city is found by its own name', () => {
  test.each([
    ['Moskva', 'RU', 'Moscow'],
    ['Москва', 'RU', 'Moscow'],
    ['Санкт-Петербург', 'RU', 'Saint Petersburg'],
    ['København', 'DK', 'Copenhagen'],
    ['Praha', 'CZ', 'Prague'],
    ['Warszawa', 'PL', 'Warsaw'],
    ['Beograd', 'RS', 'Belgrade'],
    ['Hà Nội', 'VN', 'Hanoi'],
    ['Makkah', 'SA', 'Mecca'],
    ['Roma', 'IT', 'Rome'],
    ['Wien', 'AT', 'Vienna'],
    ['Αθήνα', 'GR', 'Athens'],
    ['Київ', 'UA', 'Kyiv'],
    ['東京', 'JP', 'Tokyo'],
    ['北京', 'CN', 'Beijing'],
    ['서울', 'KR', 'Seoul'],
    ['กรุงเทพ', 'TH', 'Bangkok'],
    ['القاهرة', 'EG', 'Cairo'],
    ['Yerushalayim', 'IL', 'Jerusalem'],
    ['İstanbul', 'TR', 'Istanbul'],
  ])('%s is in %s and called %s', async (address, countryCode, name) => {
    expect(await first(address)).toMatchObject({ countryCode, name });
  });
});
