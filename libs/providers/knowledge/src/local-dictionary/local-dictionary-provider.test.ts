import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { compile } from '../../compile/compile-dictionary.ts';
import { loadDictionary } from './load-dictionary.ts';
import { createLocalDictionaryProvider } from './local-dictionary-provider.ts';

const gen = fileURLToPath(new URL('../../gen/', import.meta.url));
const context: CallContext = {
  signal: new AbortController().signal,
  deadlineAt: 0,
  language: 'en',
  degrade: () => undefined,
  expiresAt: () => undefined,
};
const { operations } = createLocalDictionaryProvider();
const define = (word: string) => operations['knowledge.define']({ word, language: 'en' }, context);

beforeAll(async () => {
  if (!existsSync(`${gen}dictionary.bin`)) await compile(gen);
}, 60_000);

describe('a word of the dictionary', () => {
  test('has its meaning', async () => {
    expect(await define('serendipity')).toEqual({
      word: 'serendipity',
      language: 'en',
      phonetics: [],
      meanings: [
        {
          partOfSpeech: 'noun',
          definitions: [
            { text: 'good luck in making unexpected and fortunate discoveries', synonyms: [], antonyms: [] },
          ],
        },
      ],
    });
  });

  test('gives parts of speech and meanings most usual first, with example, synonyms and antonyms', async () => {
    const good = await define('good');
    expect(good.meanings.map(({ partOfSpeech }) => partOfSpeech)).toEqual(['adjective', 'noun', 'adverb']);
    expect(good.meanings[0]?.definitions[0]).toMatchObject({ antonyms: ['bad'] });
    expect(good.meanings[0]?.definitions[0]?.example).toMatch(/good/);
    const run = await define('run');
    expect(run.meanings.map(({ partOfSpeech }) => partOfSpeech)).toEqual(['verb', 'noun']);
    expect(run.meanings[0]?.definitions[0]?.text).toMatch(/^move fast by using one's feet/);
    const car = await define('car');
    expect(car.meanings[0]?.definitions[0]?.synonyms).toEqual(['auto', 'automobile', 'machine', 'motorcar']);
  });

  test('the example uses the word itself where one does', async () => {
    const { meanings } = await define('inspire');
    const examples = meanings.flatMap(({ definitions }) => definitions.map(({ example }) => example ?? ''));
    expect(examples.some((example) => example.includes('inspir'))).toBe(true);
  });

  test.each([
    ['SERENDIPITY', 'serendipity'],
    ['  ice   cream ', 'ice cream'],
    ['ice_cream', 'ice cream'],
    ['Café', 'cafe'],
    ['co-operate', 'cooperate'],
    ['paris', 'Paris'],
    ['saw', 'saw'],
    ['data', 'data'],
  ])('"%s" is %s', async (asked, word) => {
    expect((await define(asked)).word).toBe(word);
  });
});

describe('a form of a word', () => {
  test.each([
    ['ran', 'run'],
    ['went', 'go'],
    ['is', 'be'],
    ['nodded', 'nod'],
    ['jogged', 'jog'],
    ['hoping', 'hope'],
    ['tries', 'try'],
    ['carried', 'carry'],
    ['vying', 'vie'],
    ['geese', 'goose'],
    ['children', 'child'],
    ['boxes', 'box'],
    ['churches', 'church'],
    ['knives', 'knife'],
    ['postmen', 'postman'],
    ['hypotheses', 'hypothesis'],
    ['nuclei', 'nucleus'],
    ['happiest', 'happy'],
    ['thinner', 'thinner'],
    ['ice creams', 'ice cream'],
    ['looked up', 'look up'],
    ['attorneys general', 'attorney general'],
    ["dog's", 'dog'],
  ])('"%s" is found as %s', async (asked, word) => {
    expect((await define(asked)).word).toBe(word);
  });

  test('every irregular form leads to a word of the dictionary under its part of speech', () => {
    const dictionary = loadDictionary(new URL('../../gen/dictionary.bin', import.meta.url));
    const lost = Object.entries(dictionary.irregular).flatMap(([part, forms]) =>
      Object.values(forms)
        .flat()
        .filter((base) => !dictionary.has(base, part as keyof typeof dictionary.irregular)),
    );
    expect(lost).toEqual([]);
  });
});

describe('what is no word', () => {
  test.each(['xyzzyq', '', ' ', 'constructors of nothing', '\u0000', '!!!', 's', "'s'"])(
    '"%s" is not found or is a word, never another failure',
    async (asked) => {
      const answer = await define(asked).catch((cause: unknown) => cause);
      expect(ProviderFailure.is(answer) ? answer.failure : 'word').toMatch(/^(not_found|word)$/);
    },
  );

  test('is not found', async () => {
    const failure = await define('xyzzyq').catch((cause: unknown) => cause);
    expect(ProviderFailure.is(failure) && failure.failure).toBe('not_found');
  });

  test('any text is a definition or not found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 12 }), async (text) => {
        const answer = await define(text).catch((cause: unknown) => cause);
        if (ProviderFailure.is(answer)) expect(answer.failure).toBe('not_found');
        else expect(answer).toMatchObject({ language: 'en' });
      }),
      { numRuns: 300 },
    );
  });

  test('data that is not compiled is left to another provider, with the command that makes it', async () => {
    const empty = createLocalDictionaryProvider(new URL('./absent.bin', import.meta.url));
    const failure = await empty.operations['knowledge.define']({ word: 'a', language: 'en' }, context).catch(
      (cause: unknown) => cause,
    );
    expect(ProviderFailure.is(failure) && failure.failure).toBe('retry_elsewhere');
    expect(String(failure)).toContain('node tools/setup/compile-data.ts');
  });
});
