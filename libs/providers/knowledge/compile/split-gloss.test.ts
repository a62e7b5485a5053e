import { describe, expect, test } from '@jest/globals';
import { splitGloss } from './split-gloss.ts';

describe('a gloss', () => {
  test.each([
    ['a thing', 'a thing', []],
    ['expel air; "Exhale when you lift the weight"', 'expel air', ['Exhale when you lift the weight']],
    ['be cruel; "one"; "two; three"', 'be cruel', ['one', 'two; three']],
    ['eating little; "the pleasures"- John Galsworthy; "a diet"', 'eating little', ['the pleasures', 'a diet']],
    ['able (followed by `to\'); "able to swim"', 'able (followed by ‘to’)', ['able to swim']],
    ['a report (e.g., "he said so" would be)', 'a report (e.g., "he said so" would be)', []],
  ])('%s', (gloss, text, examples) => {
    expect(splitGloss(gloss)).toEqual({ text, examples });
  });
});
