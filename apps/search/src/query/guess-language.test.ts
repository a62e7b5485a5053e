import { describe, expect, test } from '@jest/globals';
import { guessLanguage } from './guess-language.ts';
import { readQuery } from './read-query.ts';

const guess = (text: string) => guessLanguage(readQuery('query', text))?.language;

describe('the language of a query', () => {
  test.each([
    ['what time is it in Tokyo', 'en'],
    ['quelle heure est-il à Tokyo', 'fr'],
    ['météo à Lyon', 'fr'],
    ['weather in Lyon', 'en'],
    ['capitale du Pérou', 'fr'],
    ['où est la souris', 'fr'],
    ['מזג האוויר בחיפה', 'he'],
    ['東京の時間', 'ja'],
  ])('%s: %s', (text, language) => {
    expect(guess(text)).toBe(language);
  });

  test.each(['serendipity', 'Lyon', 'bitcoin', '42'])('%s speaks for none', (text) => {
    expect(guess(text)).toBeUndefined();
  });
});
