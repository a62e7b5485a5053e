import { foldName } from '@universal-api/providers-kit/local/fold-name';

const shortForms: Readonly<Record<string, string>> = { st: 'saint', ste: 'sainte', mt: 'mount', ft: 'fort' };

/** A place's name as it is compared: folded, with the usual short forms written out ("St. Louis" is "saint louis"). */
export function foldPlace(name: string): string {
  return foldName(name)
    .split(' ')
    .map((word) => (Object.hasOwn(shortForms, word) ? (shortForms[word] ?? word) : word))
    .join(' ');
}
