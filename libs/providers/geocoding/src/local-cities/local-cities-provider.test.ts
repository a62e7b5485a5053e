import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext, ForwardQuestion } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { compile } from '../../compile/compile-cities.ts';
import { nativeNames, readExonyms } from '../../compile/read-cities.ts';
import { loadCities } from './load-cities.ts';
import { createLocalCitiesProvider } from './local-cities-provider.ts';

const gen = fileURLToPath(new URL('../../gen/', import.meta.url));
const compiled = new URL('../../gen/cities.bin', import.meta.url);

function callContext(degraded: string[] = []): CallContext {
  return {
    signal: new AbortController().signal,
    deadlineAt: 0,
    language: 'en',
    degrade: (code, detail) => degraded.push(`${code} ${detail}`),
    expiresAt: () => undefined,
  };
}

const { operations } = createLocalCitiesProvider();
const forward = (address: string, more: Partial<ForwardQuestion> = {}, degraded?: string[]) =>
  operations['geocoding.forward']({ address, limit: 5, language: 'en', ...more }, callContext(degraded));
const reverse = (lat: number, lon: number, language = 'en') =>
  operations['geocoding.reverse']({ lat, lon, language }, callContext());
const failureOf = async (answer: Promise<unknown>) => {
  const failure = await answer.catch((cause: unknown) => cause);
  return ProviderFailure.is(failure) ? failure.failure : failure;
};

beforeAll(async () => {
  if (!existsSync(compiled)) await compile(gen);
}, 60_000);

describe('geocoding.forward', () => {
  test('gives Lyon as a place, with nothing that is not known', async () => {
    const [lyon] = await forward('Lyon');
    expect(lyon).toEqual({
      id: 'local_cities:2996944',
      name: 'Lyon',
      label: 'Lyon, Auvergne-Rhône-Alpes, France',
      lat: 45.74846,
      lon: 4.84671,
      kind: 'city',
      city: 'Lyon',
      state: 'Auvergne-Rhône-Alpes',
      country: 'France',
      countryCode: 'FR',
      population: 472_317,
    });
  });

  test.each([
    ['lyon, france', 'Lyon, Auvergne-Rhône-Alpes, France'],
    ['LYON FRANCE', 'Lyon, Auvergne-Rhône-Alpes, France'],
    ['Paris, FR', 'Paris, Île-de-France, France'],
    ['Paris, Texas', 'Paris, Texas, United States'],
    ['Paris TX', 'Paris, Texas, United States'],
    ['San José, Costa Rica', 'San Jose, San José, Costa Rica'],
    ['Los Angeles, CA', 'Los Angeles, California, United States'],
    ['Springfield, IL', 'Springfield, Illinois, United States'],
    ['London, Canada', 'London, Ontario, Canada'],
    ['London, UK', 'London, England, United Kingdom'],
    ['Saint-Etienne', 'Saint-Étienne, Auvergne-Rhône-Alpes, France'],
    ['St Louis', 'St. Louis, Missouri, United States'],
    ['Washington, D.C.', 'Washington, District of Columbia, United States'],
    ['Lyon, Allemagne', undefined],
    ['New York', 'New York, United States'],
    ['Aix', "Aix-en-Provence, Provence-Alpes-Côte d'Azur, France"],
  ])('"%s" is first of all %s', async (address, label) => {
    if (label === undefined) expect(await failureOf(forward(address))).toBe('empty');
    else expect((await forward(address))[0]?.label).toBe(label);
  });

  test.each([
    ['Londres', 'GB', 'London'],
    ['München', 'DE', 'Munich'],
    ['Genève', 'CH', 'Geneva'],
    ['Ginebra', 'CH', 'Geneva'],
    ['Pekín', 'CN', 'Beijing'],
    ['Moscou', 'RU', 'Moscow'],
    ['Firenze', 'IT', 'Florence'],
    ['ירושלים', 'IL', 'Jerusalem'],
    ['Köln', 'DE', 'Cologne'],
    ['Bombay', 'IN', 'Mumbai'],
  ])('a foreign name, %s, is the city in %s', async (address, countryCode, name) => {
    expect((await forward(address))[0]).toMatchObject({ countryCode, name });
  });

  test('a city is named in the asked language where the list has its name, and so is its country', async () => {
    const [london] = await forward('London', { language: 'fr-FR' });
    expect([london?.name, london?.label]).toEqual(['Londres', 'Londres, England, Royaume-Uni']);
    expect((await forward('London', { language: 'not-a-language-at-all' }))[0]?.name).toBe('London');
  });

  test('a foreign name does not hide a city that is called so, unless it is asked for in that language', async () => {
    expect((await forward('Valence'))[0]?.countryCode).toBe('FR');
    expect((await forward('Valence', { language: 'fr' }))[0]?.countryCode).toBe('ES');
    expect((await forward('Londres, Argentina'))[0]?.countryCode).toBe('AR');
  });

  test('cities of one name come by population, at most as many as asked', async () => {
    const springfields = await forward('Springfield', { limit: 20 });
    const exact = springfields.filter(({ name }) => name === 'Springfield');
    expect(springfields.slice(0, exact.length)).toEqual(exact);
    expect(exact[0]?.state).toBe('Missouri');
    const populations = exact.map(({ population }) => population ?? 0);
    expect(populations).toEqual([...populations].sort((one, other) => other - one));
    expect(await forward('Springfield', { limit: 2 })).toEqual(springfields.slice(0, 2));
  });

  test('a country code leaves only its cities', async () => {
    const texas = await forward('Paris', { countryCode: 'US' });
    expect(new Set(texas.map(({ countryCode }) => countryCode))).toEqual(new Set(['US']));
  });

  test('of a postal address the city is given, and what was not understood is said', async () => {
    const degraded: string[] = [];
    const [paris] = await forward('10 Rue de la Paix, 75002 Paris, France', {}, degraded);
    expect(paris?.label).toBe('Paris, Île-de-France, France');
    expect(degraded).toEqual(['city_only not understood: 10 rue de la paix, 75002']);
  });

  test.each(['xyzzyq', ',,,', '12', '   ', 'Nowhere, Georgia', 'xyzzyq, 75002', '\u0000', '__proto__', 'constructor'])(
    '"%s" names no city',
    async (address) => {
      expect(await failureOf(forward(address))).toBe('empty');
    },
  );

  test('any text is a list of places or empty, never longer than asked', async () => {
    const words = fc.constantFrom('Paris', 'san', 'st', 'FR', 'New', 'York', ',', '75002', 'Texas', 'é', '’');
    const address = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.array(words, { maxLength: 6 }).map((all) => all.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(address, fc.integer({ min: 1, max: 20 }), async (text, limit) => {
        const answer = await forward(text, { limit }).catch((cause: unknown) => cause);
        if (ProviderFailure.is(answer)) expect(answer.failure).toBe('empty');
        else expect((answer as unknown[]).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });
});

describe('geocoding.reverse', () => {
  test('beside Lyon is Lyon, with the distance in metres', async () => {
    const { result, distanceM } = await reverse(45.76, 4.84);
    expect(result).toMatchObject({ name: 'Lyon', countryCode: 'FR', kind: 'city' });
    expect(distanceM).toBeGreaterThan(1_000);
    expect(distanceM).toBeLessThan(2_000);
  });

  test('beside a border it is the city on this side', async () => {
    expect((await reverse(48.575, 7.795)).result.countryCode).toBe('FR');
    expect((await reverse(48.575, 7.815)).result.countryCode).toBe('DE');
  });

  test.each([
    ['the Atlantic', 30, -40],
    ['the Gulf of Guinea', 0, 0],
    ['the South Pole', -90, 0],
    ['the Sahara', 23, 10],
    ['the Pacific at the date line', -40, 180],
  ])('in %s there is none', async (_, lat, lon) => {
    expect(await failureOf(reverse(lat, lon))).toBe('not_found');
  });

  test('the point of a city is in that city or in one that lies at the same point', async () => {
    const cities = loadCities(compiled);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: cities.size - 1 }), async (position) => {
        const city = cities.at(position);
        const { result, distanceM } = await reverse(city.lat, city.lon);
        expect(distanceM).toBeLessThanOrEqual(1);
        if (result.id !== `local_cities:${city.id}`) expect([result.lat, result.lon]).toEqual([city.lat, city.lon]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the data', () => {
  test('finds every exonym of the list in its own language and country', async () => {
    const lost: string[] = [];
    for (const [key, names] of Object.entries(await readExonyms())) {
      for (const [language, given] of Object.entries(names)) {
        for (const name of [given].flat()) {
          const asked = language === nativeNames ? 'en' : language;
          const found = await forward(name, { language: asked, countryCode: key.slice(0, 2), limit: 1 }).catch(
            () => [],
          );
          // A name of the city's own country finds it, and the data's name is shown.
          const own = [names['en'] ?? key.slice(3)].flat()[0];
          const shown = language === nativeNames ? own : [names[language] ?? ''].flat()[0];
          if (found[0]?.name !== shown) lost.push(`${name} (${language}): ${found[0]?.label}`);
        }
      }
    }
    expect(lost).toEqual([]);
  });

  test('that is not compiled is left to another provider, with the command that makes it', async () => {
    const empty = createLocalCitiesProvider(undefined, new URL('./absent.bin', import.meta.url));
    const question = { address: 'Lyon', limit: 1, language: 'en' };
    const failure = await empty.operations['geocoding.forward'](question, callContext()).catch(
      (cause: unknown) => cause,
    );
    expect(ProviderFailure.is(failure) && failure.failure).toBe('retry_elsewhere');
    expect(String(failure)).toContain('node tools/setup/compile-data.ts');
  });
});
