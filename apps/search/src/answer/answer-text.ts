/** Languages that answers are written in; any other is answered in English. */
export type AnswerLanguage = 'fr' | 'en';

/** The language of the answers' texts for a search in `language` (BCP 47). */
export function answerLanguage(language: string): AnswerLanguage {
  return /^fr(?:-|$)/i.test(language) ? 'fr' : 'en';
}

/** "a, b and c". */
export function joinWords(words: readonly string[], language: AnswerLanguage): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(words);
}

/** A number as it is written in the language. */
export function writeNumber(value: number, language: AnswerLanguage): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}

/** Name of a country, language or currency by its code; `fallback` where the runtime has none. */
export function nameOf(
  type: 'region' | 'language' | 'currency',
  code: string,
  language: AnswerLanguage,
  fallback: string,
): string {
  try {
    const name = new Intl.DisplayNames(language, { type, fallback: 'none' }).of(code);
    return name ?? fallback;
  } catch {
    // Not a code that Intl can read: then what the data calls it.
    return fallback;
  }
}
