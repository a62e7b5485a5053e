import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext, CountriesQuestion } from '@universal-api/providers-spec';
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
const codes = async (question: CountriesQuestion) =>
  (await operations['countries.list'](question, context)).map(({ code }) => code);

beforeAll(async () => {
  if (!existsSync(`${gen}countries.bin`)) await compile(gen);
});

describe('countries.get', () => {
  test('tells what is known of Peru, and nothing that is not', async () => {
    const peru = await get('PE');
    expect(peru).toMatchObject({
      code: 'PE',
      alpha3: 'PER',
      numeric: '604',
      name: 'Peru',
      officialName: 'Republic of Peru',
      capitals: ['Lima'],
      region: 'Americas',
      subregion: 'South America',
      lat: -10,
      lon: -76,
      areaKm2: 1_285_216,
      currencies: [{ code: 'PEN', name: 'Peruvian sol', symbol: 'S/.' }],
      callingCodes: ['+51'],
      tlds: ['.pe'],
      timezones: ['America/Lima'],
      flagEmoji: '🇵🇪',
      landlocked: false,
      independent: true,
      unMember: true,
      demonym: 'Peruvian',
    });
    expect(peru.names).toMatchObject({ fra: 'Pérou', spa: 'Perú', eng: 'Peru' });
    expect([...peru.borders].sort()).toEqual(['BO', 'BR', 'CL', 'CO', 'EC']);
    expect(peru.languages.map(({ code }) => code)).toEqual(expect.arrayContaining(['spa', 'que', 'aym']));
    for (const absent of ['population', 'populationYear', 'flagUrl']) expect(peru).not.toHaveProperty(absent);
  });

  test.each(['PE', 'pe', 'PER', '604', 'Pérou', 'perú', 'PERU', ' Perou ', 'ペルー', 'República del Perú'])(
    '"%s" is Peru',
    async (text) => {
      expect((await get(text)).code).toBe('PE');
    },
  );

  test.each([
    ['4', 'AF'],
    ['UK', 'GB'],
    ['USA', 'US'],
    ['Sudan', 'SD'],
    ['Guyana', 'GY'],
    ['Deutschland', 'DE'],
    ['Côte d’Ivoire', 'CI'],
    ["cote d'ivoire", 'CI'],
    ['Россия', 'RU'],
  ])('"%s" is %s', async (text, code) => {
    expect((await get(text)).code).toBe(code);
  });

  test.each(['XX', 'Atlantis', '999', '', '..', 'eru'])('"%s" is not found', async (text) => {
    const failure = await get(text).catch((cause: unknown) => cause);
    expect(ProviderFailure.is(failure) && failure.failure).toBe('not_found');
  });

  test('calling codes are the country’s, without area codes of a shared plan', async () => {
    const given = await Promise.all(
      ['US', 'CA', 'RU', 'KZ', 'DO', 'GB'].map(async (code) => (await get(code)).callingCodes),
    );
    expect(given).toEqual([['+1'], ['+1'], ['+7'], ['+7'], ['+1809', '+1829', '+1849'], ['+44']]);
  });

  test('what is unknown is absent', async () => {
    expect((await get('SJ')).areaKm2).toBeUndefined();
    expect((await get('XK')).independent).toBeUndefined();
    expect((await get('AQ')).callingCodes).toEqual([]);
  });
});

describe('countries.list', () => {
  test('without a condition gives every country once, in order of English names', async () => {
    const all = await operations['countries.list']({}, context);
    expect(all).toHaveLength(250);
    expect(new Set(all.map(({ code }) => code)).size).toBe(250);
    const names = all.map(({ name }) => name);
    expect(names).toEqual([...names].sort(new Intl.Collator('en').compare));
  });

  test.each<[CountriesQuestion, string[]]>([
    [{ query: 'pérou' }, ['PE']],
    [{ query: 'ZWITSER' }, ['CH']],
    [{ query: 'sudan', region: 'africa' }, ['SS', 'SD']],
    [{ currency: 'pen' }, ['PE']],
    [{ languageCode: 'xh' }, ['ZA', 'ZW']],
    [{ languageCode: 'mt' }, ['MT']],
    [{ languageCode: 'mlt' }, ['MT']],
    [{ subregion: 'Australia and New Zealand' }, ['AU', 'CX', 'CC', 'NZ', 'NF']],
    [{ query: 'new', currency: 'NZD', subregion: 'Australia and New Zealand' }, ['NZ']],
    [{ region: 'Nowhere' }, []],
    [{ languageCode: 'not a language' }, []],
    [{ query: '!!' }, []],
  ])('%j is %j', async (question, expected) => {
    expect(await codes(question)).toEqual(expected);
  });

  test('borders are countries of the list, and mutual but for the one that the source gives one way', async () => {
    const all = await operations['countries.list']({}, context);
    const borders = new Map(all.map(({ code, borders: neighbours }) => [code, neighbours]));
    const oneWay = [...borders].flatMap(([code, neighbours]) =>
      neighbours.filter((other) => !borders.get(other)?.includes(code)).map((other) => `${code}>${other}`),
    );
    expect(oneWay).toEqual(['LK>IN']);
  });

  test('every country can be got by each of its codes and by its English name', async () => {
    for (const { code, alpha3, numeric, name } of await operations['countries.list']({}, context)) {
      const forms = [code, alpha3, name, ...(numeric ? [numeric] : [])];
      for (const form of forms) expect((await get(form)).code).toBe(code);
    }
  });
});

test('data that is not compiled is left to another provider, with the command that makes it', async () => {
  const empty = createLocalCountriesProvider(new URL('./absent.bin', import.meta.url));
  const failure = await empty.operations['countries.list']({}, context).catch((cause: unknown) => cause);
  expect(ProviderFailure.is(failure) && failure.failure).toBe('retry_elsewhere');
  expect(String(failure)).toContain('node tools/setup/compile-data.ts');
});
