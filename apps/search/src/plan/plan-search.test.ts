import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { smallGazetteer } from '../../test/small-gazetteer.ts';
import { readQuery } from '../query/read-query.ts';
import { planSearch, type PlanInput } from './plan-search.ts';
import { productCategories } from './product-categories.ts';
import { recognise } from './recognise.ts';
import type { SearchCategory } from './search-category.ts';

const everyone = () => ['one', 'two', 'three', 'four', 'five', 'six'];

async function plan(text: string, changes: Partial<PlanInput> = {}) {
  const query = readQuery('query', text);
  const reading = await recognise(query, smallGazetteer);
  return planSearch({
    query,
    reading,
    named: [],
    language: 'en',
    categories: productCategories,
    membersOf: everyone,
    ...changes,
  });
}
const asked = ({ slots }: Awaited<ReturnType<typeof plan>>) => slots.map(({ category }) => category);

const merge: SearchCategory = {
  id: 'web',
  name: 'Web',
  description: '',
  keywords: [],
  aliases: [],
  kind: 'merge',
  operation: 'web.search',
  takesFreeText: true,
  toQuestion: ({ query }) => ({ operation: 'web.search', args: { text: query.normalised } }),
};

describe('who is asked what', () => {
  test.each([
    ['define serendipity', 'dictionary', { word: 'serendipity', language: 'en' }],
    ['définir sérendipité', 'dictionary', { word: 'sérendipité', language: 'fr' }],
    ['time in Tokyo', 'tools', { place: 'Tokyo' }],
    ['time in Japan', 'tools', { timezone: 'Zone/0' }],
    ['time in Singapore', 'tools', { place: 'Singapore' }],
    ['weather in Singapore', 'weather', { place: 'Singapore' }],
    ['capital of Peru', 'countries', { country: 'PE', fact: 'capital' }],
    ['weather in Lyon', 'weather', { place: 'Lyon' }],
    ['météo à La Rochelle', 'weather', { place: 'La Rochelle' }],
    ['météo au Havre', 'weather', { place: 'Le Havre' }],
    ['heure au Havre', 'tools', { place: 'Le Havre' }],
    ['time in Asia/Tokyo', 'tools', { timezone: 'Asia/Tokyo' }],
    ['what time is it in utc?', 'tools', { timezone: 'UTC' }],
    ['Lyon', 'geocoding', { place: 'Lyon' }],
    ['where is Peru', 'countries', { country: 'PE' }],
  ])('%s: %s %j, needed', async (text, category, args) => {
    const [first] = (await plan(text)).slots;
    expect(first).toMatchObject({ category, args, needed: true });
  });

  test('arguments are the named thing, never the whole query', async () => {
    const { slots } = await plan('what is the weather in Lyon');
    expect(slots.map(({ category, args }) => [category, args.place])).toEqual([
      ['weather', 'Lyon'],
      ['geocoding', 'Lyon'],
    ]);
  });

  test.each([
    ['time in Brazil', 'tools', 'several_time_zones'],
    ['weather in Brazil', 'weather', 'country_named'],
  ])('%s has no one answer, and is not that of a town of its name', async (text, category, code) => {
    const { slots, left } = await plan(text);
    expect(left).toEqual([{ category, status: 'not_applicable', code, weight: 0 }]);
    expect(slots).toMatchObject([{ category: 'countries', args: { country: 'BR' } }]);
  });

  test.each([
    ['weather', `weather in ${'x'.repeat(201)}`],
    ['tools', `time in ${'x'.repeat(201)}`],
    ['tools', 'time in x'],
  ])('no place has a name of that length: %s is not asked', async (category, text) => {
    const { slots, left } = await plan(text);
    expect(slots).toEqual([]);
    expect(left).toContainEqual({ category, status: 'not_applicable', code: 'no_place_named', weight: 0 });
  });

  test('a zone by its id is no place', async () => {
    expect(asked(await plan('time in Asia/Tokyo'))).toEqual(['tools']);
    expect((await plan('time in Middle/Nowhere')).slots[0]?.args).toEqual({ place: 'Middle/Nowhere' });
  });

  test('weather to come is not answered by weather now', async () => {
    const { slots, left } = await plan('weather in Lyon tomorrow');
    expect(slots.map(({ category }) => category)).toEqual(['geocoding']);
    expect(left).toEqual([{ category: 'weather', status: 'not_applicable', code: 'only_current_weather', weight: 0 }]);
  });

  test.each([
    ['serendipity', ['countries', 'dictionary', 'geocoding']],
    ['grand canyon', ['countries', 'dictionary', 'geocoding']],
    ['mont saint michel bay', ['countries', 'geocoding']],
    ['où est la souris', []],
    ["information sur l'éthique", []],
    ['prix du pain', []],
    ['how to cook rice', []],
  ])('of "%s" nothing is recognised, and %j are searched by text', async (text, categories) => {
    const made = await plan(text);
    expect(made).toMatchObject({ abstained: true, likely: [] });
    expect(asked(made)).toEqual(categories);
    expect(made.slots.every(({ needed }) => !needed)).toBe(true);
  });

  test('categories by name are asked, and needed, even if the query is about something else', async () => {
    const made = await plan('define serendipity', { named: ['dictionary', 'weather'] });
    expect(made.slots).toMatchObject([{ category: 'dictionary', needed: true, weight: 1 }]);
    expect(made.left).toEqual([{ category: 'weather', status: 'not_applicable', code: 'no_place_named', weight: 0 }]);
    expect(asked(await plan('Lyon', { named: ['weather'] }))).toEqual(['weather']);
    expect(asked(await plan('where is the nearest bakery', { named: ['geocoding'] }))).toEqual(['geocoding']);
  });
});

describe('how much each counts', () => {
  test('a needed category that nobody may answer keeps its weight', async () => {
    const made = await plan('weather in Lyon', {
      membersOf: (operation) => (operation === 'weather.current' ? [] : ['one']),
    });
    expect(made.left).toMatchObject([{ category: 'weather', status: 'not_available' }]);
    expect(made.left[0]?.weight).toBeCloseTo(0.9 / 1.4);
    expect(made.slots[0]?.weight).toBeCloseTo(0.5 / 1.4);
  });

  test('one that is not needed and that nobody may answer has none', async () => {
    const made = await plan('serendipity', {
      membersOf: (operation) => (operation === 'knowledge.define' ? [] : ['one']),
    });
    expect(made.left).toMatchObject([{ category: 'dictionary', status: 'not_available', weight: 0 }]);
  });

  test('the first members of a merge category are asked, each pinned: 4 when needed, 2 otherwise', async () => {
    const needed = await plan('anything', { categories: [merge], named: ['web'] });
    expect(needed.slots.map(({ provider, weight }) => [provider, weight])).toEqual(
      ['one', 'two', 'three', 'four'].map((provider) => [provider, 0.25]),
    );
    const other = await plan('anything', { categories: [merge] });
    expect(other.slots.map(({ provider }) => provider)).toEqual(['one', 'two']);
  });

  test('never more than twelve are asked', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const made = await plan('anything', {
      categories: [{ ...merge, maxMembers: 20 }],
      named: ['web'],
      membersOf: () => many,
    });
    expect(made.slots).toHaveLength(12);
  });

  test('of any query, weights sum up to one or nothing can be asked, and ids are unique', async () => {
    const words = fc.constantFrom(
      'define',
      'time',
      'weather',
      'in',
      'Lyon',
      'Peru',
      'capital',
      'of',
      'météo',
      'à',
      'xyz',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 6 }), fc.boolean(), async (parts, hasNobody) => {
        const made = await plan(parts.join(' '), hasNobody ? { membersOf: () => [] } : {});
        const sum = [...made.slots, ...made.left].reduce((total, { weight }) => total + weight, 0);
        expect(Math.abs(sum - (sum > 0.5 ? 1 : 0))).toBeLessThan(1e-9);
        expect(new Set(made.slots.map(({ id }) => id)).size).toBe(made.slots.length);
      }),
    );
  });
});

test('ids and aliases of the categories are unique, and every category can be asked by name', () => {
  const names = productCategories.flatMap(({ id, aliases }) => [id, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
