/** Languages of the list of exonyms (ISO 639-1). Position plus one is the bit in the compiled data; bit 0: native name. */
export const exonymLanguages = ['en', 'fr', 'es', 'de', 'it', 'he'] as const;

/** Bit of names in the data's own spelling, and of those that a city has in its own country. */
export const nativeBit = 1;

/** Bit of a language's exonyms; 0 for a language without any. In: BCP 47. */
export function exonymBit(language: string): number {
  const base = language.toLowerCase().split('-')[0] ?? '';
  const position = (exonymLanguages as readonly string[]).indexOf(base);
  return position === -1 ? 0 : 1 << (position + 1);
}
