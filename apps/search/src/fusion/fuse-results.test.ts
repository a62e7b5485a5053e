import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FoundResult, RankedList } from './found-result.ts';
import { fuseResults, type FusedResult } from './fuse-results.ts';
import { mergeDuplicates } from './merge-duplicates.ts';
import { spreadResults } from './spread-results.ts';

const found = (name: string, changes: Partial<FoundResult<string>> = {}): FoundResult<string> => ({
  category: 'web',
  type: 'page',
  title: name,
  content: '',
  url: `https://example.org/${name}`,
  ...changes,
});
const list = (
  provider: string,
  names: readonly string[],
  changes: Partial<RankedList<string>> = {},
): RankedList<string> => ({
  provider,
  lineage: provider,
  weight: 1,
  results: names.map((name) => found(name)),
  ...changes,
});
const order = (fused: readonly FusedResult<string>[]) => fused.map(({ result }) => result.title);

/** Up to eight providers of up to four lineages, each with a list of distinct or repeated names. */
const lists = fc
  .uniqueArray(
    fc.record({
      provider: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      lineage: fc.constantFrom('w', 'x', 'y', 'z'),
      weight: fc.double({ min: 0.1, max: 2, noNaN: true }),
      names: fc.array(fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9'), { maxLength: 12 }),
    }),
    { selector: ({ provider }) => provider, maxLength: 8 },
  )
  .map((entries) => entries.map(({ provider, lineage, weight, names }) => list(provider, names, { lineage, weight })));

describe('duplicates', () => {
  test('are merged across lists, and every provider is credited', () => {
    const [merged, ...others] = mergeDuplicates([
      list('one', ['x']),
      {
        ...list('two', []),
        results: [found('y'), found('x', { url: 'http://www.example.org/x/?utm_source=two', content: 'long text' })],
      },
    ]).filter(({ findings }) => findings.length > 1);
    expect(others).toEqual([]);
    expect(merged?.findings).toEqual([
      { provider: 'one', lineage: 'one', rank: 1 },
      { provider: 'two', lineage: 'two', rank: 2 },
    ]);
    expect(merged?.result).toMatchObject({ content: 'long text', url: 'https://example.org/x' });
    expect(merged?.duplicates).toMatchObject([{ provider: 'two', reason: 'canonical_key' }]);
  });

  test('within one list do not vote twice', () => {
    const [merged] = mergeDuplicates([list('one', ['x', 'x', 'x'])]);
    expect(merged?.findings).toEqual([{ provider: 'one', lineage: 'one', rank: 1 }]);
  });

  test('keep the earliest date and the longest title that is not too long', () => {
    const early = new Date('2026-01-01');
    const [merged] = mergeDuplicates([
      { ...list('one', []), results: [found('x', { publishedAt: new Date('2026-02-01') })] },
      { ...list('two', []), results: [found('x', { title: 'x, longer', publishedAt: early })] },
      { ...list('three', []), results: [found('x', { title: 'x'.repeat(121) })] },
    ]);
    expect(merged?.result).toMatchObject({ title: 'x, longer', publishedAt: early });
  });

  test('near ones go together within one domain, and never across two', () => {
    const content = 'the quick brown fox jumps over the lazy dog and runs away';
    const near = (name: string, domain: string) =>
      found(name, { title: 'Same', domain, url: `https://${domain}/${name}`, content });
    const within = mergeDuplicates([{ ...list('one', []), results: [near('a', 'one.org'), near('b', 'one.org')] }]);
    expect(within).toHaveLength(1);
    expect(within[0]?.duplicates).toEqual([{ url: 'https://one.org/b', provider: 'one', reason: 'near_duplicate' }]);
    expect(
      mergeDuplicates([{ ...list('one', []), results: [near('a', 'one.org'), near('a', 'two.org')] }]),
    ).toHaveLength(2);
  });

  test('are never lost: every provider of every result is among the sources of its key', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const fused = fuseResults(given);
        const credited = fused.flatMap(({ result, sources }) =>
          sources.map(({ provider }) => `${provider} ${result.title}`),
        );
        const expected = new Set(
          given.flatMap(({ provider, results }) => results.map(({ title }) => `${provider} ${title}`)),
        );
        expect(new Set(credited)).toEqual(expected);
        expect(credited).toHaveLength(expected.size);
      }),
    );
  });
});

describe('scores', () => {
  test('of one list go by its ranks, and the first has 1', () => {
    const fused = fuseResults([list('one', ['x', 'y'])]);
    expect(order(fused)).toEqual(['x', 'y']);
    expect(fused.map(({ score }) => score)).toEqual([1, 21 / 22]);
  });

  test('found by two is better than first of one', () => {
    expect(order(fuseResults([list('one', ['x', 'z']), list('two', ['y', 'z'])]))[0]).toBe('z');
  });

  test('of one lineage are averaged: clones do not outvote another', () => {
    const clones = ['one', 'two', 'three'].map((provider) => list(provider, ['x'], { lineage: 'same' }));
    const fused = fuseResults([...clones, list('other', ['y'])]);
    expect(fused.map(({ score }) => score)).toEqual([0.5, 0.5]);
  });

  test('of a lineage weigh as it does', () => {
    const fused = fuseResults([list('one', ['x'], { weight: 2 }), list('two', ['y'])]);
    expect(fused.map(({ score, sources }) => [score, sources[0]?.weight])).toEqual([
      [2 / 3, 2 / 3],
      [1 / 3, 1 / 3],
    ]);
  });

  test('lie between 0 and 1, and are the sum of their sources’ contributions', () => {
    fc.assert(
      fc.property(lists, fc.double({ min: 0.5, max: 1, noNaN: true }), (given, factor) => {
        for (const { score, sources } of fuseResults(given, factor)) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(sources.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 9);
        }
      }),
    );
  });

  test('do not depend on the order in which the lists came', () => {
    fc.assert(
      fc.property(
        lists.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))),
        ([given, shuffled]) => {
          const [one, other] = [fuseResults(given), fuseResults(shuffled)];
          expect(order(other)).toEqual(order(one));
          for (const [index, { score }] of one.entries()) expect(other[index]?.score).toBeCloseTo(score, 9);
        },
      ),
    );
  });
});

describe('the head of the ranking', () => {
  const ranked = (results: readonly FoundResult<string>[], provider = 'one') =>
    fuseResults([{ ...list(provider, []), results }]);

  test('has at most two of one domain, the others come after the tenth', () => {
    const own = Array.from({ length: 4 }, (_, index) => found(`own${index}`, { domain: 'own.org' }));
    const others = Array.from({ length: 9 }, (_, index) => found(`other${index}`, { domain: `${index}.org` }));
    const spread = spreadResults(ranked([...own, ...others]), { families: 1, needed: [] });
    expect(spread.slice(0, 10).filter(({ result }) => result.domain === 'own.org')).toHaveLength(2);
    expect(spread).toHaveLength(13);
  });

  test('has at most four of one provider when three lineages answered', () => {
    const names = (prefix: string) => Array.from({ length: 10 }, (_, index) => `${prefix}${index}`);
    const fused = fuseResults([
      list('one', names('a'), { weight: 2 }),
      list('two', names('b'), { weight: 0.5 }),
      list('three', names('c'), { weight: 0.5 }),
    ]);
    expect(fused.slice(0, 10).every(({ sources }) => sources[0]?.provider === 'one')).toBe(true);
    const head = spreadResults(fused, { families: 3, needed: [] }).slice(0, 10);
    expect(head.filter(({ sources }) => sources[0]?.provider === 'one')).toHaveLength(4);
  });

  test('shows each needed category within the first five', () => {
    const many = Array.from({ length: 8 }, (_, index) => found(`web${index}`));
    const spread = spreadResults(ranked([...many, found('map', { category: 'geocoding' })]), {
      families: 1,
      needed: ['web', 'geocoding'],
    });
    expect(spread.findIndex(({ result }) => result.category === 'geocoding')).toBeLessThan(5);
    expect(spread).toHaveLength(9);
  });

  test('loses nothing and adds nothing', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 4 }), (given, families) => {
        const fused = fuseResults(given);
        expect([...order(spreadResults(fused, { families, needed: ['web'] }))].sort()).toEqual(
          [...order(fused)].sort(),
        );
      }),
    );
  });
});
