import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext } from '@universal-api/providers-spec';
import { compile } from '../../compile/compile-dictionary.ts';
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

const functionWords =
  'he him his she her hers it its we us our ours you your yours they them their theirs i me my who whom whose what which ' +
  'this that these those or and if at of a an the';

test.each([...functionWords.split(' '), 'His', 'Its', 'Us', '  me '])(
  'the function word "%s" is not found, rather than the abbreviation spelled like it',
  async (word) => {
    const failure = await define(word).catch((cause: unknown) => cause);
    expect(ProviderFailure.is(failure) && failure.failure).toBe('not_found');
  },
);

test.each(['US', 'IT', 'WHO', 'OR', 'He', 'At'])('as it is written, "%s" is found', async (word) => {
  expect((await define(word)).word).toBe(word);
});

test.each([
  ['am', 'be'],
  ['are', 'be'],
  ['Are', 'be'],
  ['is', 'be'],
  ['was', 'be'],
  ['were', 'be'],
  ['has', 'have'],
  ['had', 'have'],
  ['does', 'do'],
  ['did', 'do'],
])('"%s" is a form of %s before it is anything else', async (form, word) => {
  expect((await define(form)).word).toBe(word);
});

describe('what the dictionary has as such stays', () => {
  test.each(['mine', 'in', 'on', 'by', 'each', 'someone', 'saw', 'AM'])('"%s"', async (word) => {
    expect((await define(word)).word.toLowerCase()).toBe(word.toLowerCase());
  });
});
