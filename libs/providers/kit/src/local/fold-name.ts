/** Letters that Unicode decomposition leaves alone, as they are written without their marks. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ŋ: 'n',
  ħ: 'h',
};

/**
 * A name as it is compared: lower case, without accents, each run of other characters one space.
 * In: any text. Out: letters, digits and single spaces; empty if there is no letter or digit.
 */
export function foldName(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðþłıŋħ]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/['’ʻʼ‘`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
