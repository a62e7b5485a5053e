import type { Query } from './read-query.ts';

/** A language, and how sure that is. */
export interface LanguageGuess {
  /** BCP 47. */
  readonly language: string;
  /** 0..1 */
  readonly p: number;
}

/** Scripts that one language, as good as alone, is written in. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hebrew}/u, 'he'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Thai}/u, 'th'],
];

/** Words that stand in one of the two languages and not in the other, folded. */
const voters: Readonly<Record<'fr' | 'en', ReadonlySet<string>>> = {
  fr: new Set(
    (
      'le la les l un une des du de d au aux et est en dans sur pour avec que qui quoi quel quelle quels quelles ou ' +
      'combien comment pourquoi quand il elle je tu nous vous fait heure meteo temps capitale monnaie devise langue ' +
      'langues pays definir definition signifie habitants superficie indicatif frontieres aujourd demain maintenant'
    ).split(' '),
  ),
  en: new Set(
    (
      'the a an of in at on to for with and is are was what which who where when why how does do it you my time weather ' +
      'define meaning mean capital currency language languages country countries population today tomorrow now near'
    ).split(' '),
  ),
};
/** Votes that both languages cast. */
const shared: ReadonlySet<string> = new Set(['a', 'on', 'definition', 'population']);

/** Fewer words than this share of the votes decide nothing. */
const leastP = 0.6;

/** The language of a query by its script, else by a vote of its small words; undefined: nothing speaks for one. */
export function guessLanguage({ normalised, tokens }: Query): LanguageGuess | undefined {
  const byScript = scripts.find(([script]) => script.test(normalised));
  if (byScript) return { language: byScript[1], p: 0.95 };
  const votes = { fr: /[àâçèêëîïôùûœ]/iu.test(normalised) ? 1 : 0, en: 0 };
  for (const { folded } of tokens) {
    if (shared.has(folded)) continue;
    if (voters.fr.has(folded)) votes.fr += 1;
    if (voters.en.has(folded)) votes.en += 1;
  }
  const language = votes.fr > votes.en ? 'fr' : 'en';
  // One more on either side, so that a single word does not make certain.
  const p = (votes[language] + 0.5) / (votes.fr + votes.en + 1);
  return p >= leastP ? { language, p: Math.floor(p * 100) / 100 } : undefined;
}
