import type { CountryFact, ReadingKind } from './reading.ts';

/** What must be known of the named thing before a rule holds. */
export type Proof = 'none' | 'country' | 'place' | 'country_or_place';

/** Groups of a pattern that say that a time to come is meant. */
export const laterGroups = ['later', 'soon', 'fera'] as const;

/** One rule: a shape of the whole folded query, with the named thing in group `x`. */
export interface Rule {
  readonly id: string;
  readonly kind: ReadingKind;
  readonly language?: 'fr' | 'en';
  readonly pattern: RegExp;
  readonly fact?: CountryFact;
  readonly proof: Proof;
  /** Most words of the thing. */
  readonly maxWords: number;
}

/** Folded words of each fact, by language. */
const factWords: Readonly<Record<CountryFact, readonly [en: string, fr: string]>> = {
  capital: ['capital(?: city)?', 'capitale'],
  population: ['population', 'population|nombre d habitants'],
  currency: ['currency|money', 'monnaie(?: utilisee)?|devise(?: utilisee)?'],
  languages: ['(?:official |spoken )?languages?(?: spoken| used)?', 'langues?(?: officielles?| parlees?)?'],
  borders: [
    'borders|neighbou?rs|neighbou?ring countries|bordering countries',
    'frontieres|pays (?:frontaliers?|voisins?|limitrophes?)|voisins',
  ],
  region: ['region|continent', 'region|continent'],
  area: ['area|surface area|size', 'superficie|surface|taille'],
  calling_code: [
    '(?:calling|dialling|dialing|dial|phone|telephone|country) (?:code|prefix)',
    'indicatif(?: telephonique)?|prefixe telephonique|code telephonique',
  ],
};

const ask = '(?:what (?:is|s|are) |which (?:is|are) |tell me |give me )?(?:the )?';
const demande = '(?:quelle est |quelles sont |quel est |quels sont |c est quoi |donne moi )?(?:la |le |les |l )?';
const of = '(?:of|in|for) (?:the )?';
const de = '(?:de la |de l |des |du |de |d |en |aux |au |a )(?:la |le |les |l )?';
const now = '(?: now| right now| today| currently)?';
const laterWords =
  'tomorrow(?: morning| afternoon| evening| night)?|tonight|(?:this|next|over the) (?:week|weekend|evening|afternoon)|' +
  '(?:(?:on|next|this) )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:in|for)(?: the next)? (?:\\d+|two|three|a few) days?';
const later = `(?: (?<later>${laterWords}))?`;
const laterBefore = `(?:(?: for)? (?<soon>${laterWords}))?`;
const maintenant = '(?: maintenant| actuellement| aujourd hui)?';
const motsDemain =
  '(?:apres )?demain(?: matin| midi| apres midi| soir)?|ce (?:soir|week end|weekend)|cette (?:nuit|semaine)|' +
  '(?:la semaine|le week end|le weekend) prochaine?|dans (?:\\d+|deux|trois|quelques) jours|' +
  '(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: prochain)?(?: matin| midi| apres midi| soir)?';
const demain = `(?: (?<later>${motsDemain}))?`;
const demainAvant = `(?:(?: pour)? (?<soon>${motsDemain}))?`;
const timeToCome = new RegExp(`^(?:${laterWords}|${motsDemain})$`);
/** What stands behind a question and belongs to none of its parts. */
const polite = '(?: please| s il (?:vous|te) plait| stp| svp)?';
const x = '(?<x>.+?)';

const factRules = Object.entries(factWords).flatMap(([fact, [en, fr]]) => [
  row(`en.${fact}.of`, 'country', 'en', `${ask}(?:${en}) ${of}${x}`, fact as CountryFact),
  row(`en.${fact}.behind`, 'country', 'en', `(?:the )?${x} (?:s )?(?:${en})`, fact as CountryFact),
  row(`fr.${fact}.de`, 'country', 'fr', `${demande}(?:${fr}) ${de}${x}`, fact as CountryFact),
  row(`fr.${fact}.behind`, 'country', 'fr', `(?:la |le |les |l )?${x} (?:${fr})`, fact as CountryFact),
]);

/** Every rule, in the order in which they are tried: the first that holds decides. */
export const rules: readonly Rule[] = [
  row('en.define', 'definition', 'en', `(?:please )?define (?:the word )?${x}`),
  row('en.definition-of', 'definition', 'en', `${ask}(?:definition|meaning) of (?:the word )?${x}`),
  row('en.what-does-mean', 'definition', 'en', `what does (?:the word )?${x} mean`),
  row('en.meaning-behind', 'definition', 'en', `${x} (?:meaning|define)`, undefined, 2),
  row('fr.definir', 'definition', 'fr', `(?:definir|definis|definissez) (?:le mot |le |la |les |l )?${x}`),
  row(
    'fr.definition-de',
    'definition',
    'fr',
    `${demande}(?:definition|signification|sens) (?:du mot |de la |de l |des |du |de |d )${x}`,
  ),
  row('fr.que-signifie', 'definition', 'fr', `(?:que |qu est ce que )(?:signifie|veut dire) (?:le mot )?${x}`),
  row('any.definition-behind', 'definition', undefined, `${x} definition`, undefined, 2),
  row('any.definition-before', 'definition', undefined, `definition (?!(?:of|de|du|des|d)\\b)${x}`, undefined, 2),

  row(
    'en.time-in',
    'time',
    'en',
    `(?:what (?:is |s )?)?(?:the )?(?:current |local |exact )?time(?: is it| now)?(?: now)? (?:in|at) ${x}${now}`,
  ),
  row(
    'fr.heure-a',
    'time',
    'fr',
    `(?:quelle heure (?:est il|il est)|il est quelle heure|(?:quelle est )?(?:l )?heure(?: actuelle| locale| exacte)?)(?: maintenant)? (?:a|au|aux|en|dans) ${x}${maintenant}`,
  ),
  row('fr.heure-de', 'time', 'fr', `(?:quelle est )?(?:l )?heure (?:actuelle|locale|exacte) (?:de|d|du|des) ${x}`),

  row(
    'en.weather-in',
    'weather',
    'en',
    `(?:what (?:is |s )?|how (?:is |s ))?(?:the )?(?:current )?(?:weather|temperature)(?: forecast| conditions| like)?${now}${laterBefore} (?:in|at|for) ${x}${now}${later}`,
  ),
  row(
    'fr.meteo-a',
    'weather',
    'fr',
    `(?:quelle est )?(?:la |les )?(?:previsions )?(?:meteo|temperature)${maintenant}${demainAvant} (?:a|au|aux|en|dans|pour|de|d|du|des|sur) ${x}${maintenant}${demain}`,
  ),
  row(
    'fr.quel-temps',
    'weather',
    'fr',
    `(?:quel temps (?:fait il|il fait)|(?:le )?temps qu il fait)${maintenant}${demainAvant} (?:a|au|aux|en|dans) ${x}${maintenant}${demain}`,
  ),
  row(
    'fr.quel-temps-fera',
    'weather',
    'fr',
    `(?<fera>quel temps fera t il)${demainAvant} (?:a|au|aux|en|dans) ${x}${demain}`,
  ),
  proved(row('en.weather-behind', 'weather', 'en', `${x} weather(?: forecast)?${now}`), 'place'),
  proved(row('en.weather-before', 'weather', 'en', `weather(?: forecast)? ${x}${now}${later}`), 'place'),
  proved(row('fr.meteo-nom', 'weather', 'fr', `meteo ${x}${maintenant}${demain}`), 'place'),
  proved(row('fr.nom-meteo', 'weather', 'fr', `${x} meteo${maintenant}`), 'place'),

  ...factRules,
  row(
    'en.how-many-people',
    'country',
    'en',
    `how many (?:people|inhabitants) (?:live |are )?(?:there )?in (?:the )?${x}`,
    'population',
  ),
  row(
    'fr.combien-habitants',
    'country',
    'fr',
    `combien (?:y a t il )?d habitants (?:y a t il )?(?:en|au|aux|a|dans) ${x}`,
    'population',
  ),
  row(
    'en.currency-used',
    'country',
    'en',
    `(?:what|which) currency (?:is used |do they use |does )?(?:in )?(?:the )?${x}(?: use)?`,
    'currency',
  ),
  row(
    'fr.quelle-monnaie',
    'country',
    'fr',
    `quelle (?:monnaie|devise) (?:est utilisee |utilise t on )?(?:en|au|aux|a|dans) ${x}`,
    'currency',
  ),
  row(
    'en.language-spoken',
    'country',
    'en',
    `(?:what|which) languages? (?:is spoken|are spoken|do they speak|is used) in (?:the )?${x}`,
    'languages',
  ),
  row(
    'fr.quelle-langue',
    'country',
    'fr',
    `quelles? langues? (?:parle t on|sont parlees|est parlee|on parle) (?:en|au|aux|a|dans) ${x}`,
    'languages',
  ),
  row(
    'en.countries-bordering',
    'country',
    'en',
    `(?:what |which )?countries (?:that )?border(?:ing)? (?:the )?${x}`,
    'borders',
  ),
  row('en.which-continent', 'country', 'en', `(?:what|which) continent is (?:the )?${x}(?: in| on)?`, 'region'),
  row(
    'fr.quel-continent',
    'country',
    'fr',
    `(?:sur|dans) quel continent (?:est|se trouve|se situe) (?:la |le |les |l )?${x}`,
    'region',
  ),
  row('en.how-big', 'country', 'en', `how (?:big|large) is (?:the )?${x}`, 'area'),

  proved(row('en.where-is', 'place', 'en', `where (?:is|s) ${x}`, undefined, 5), 'country_or_place'),
  proved(row('fr.ou-est-le', 'place', 'fr', `ou (?:est|se trouve|se situe) (?:la |le |les |l )${x}`), 'country'),
  proved(row('fr.ou-est', 'place', 'fr', `ou (?:est|se trouve|se situe) ${x}`, undefined, 5), 'country_or_place'),
  proved(row('any.name-alone', 'place', undefined, x, undefined, 5), 'country_or_place'),
];

/** Whether a folded text is a time, such as "tomorrow", which no place is meant by. */
export function isTimeToCome(folded: string): boolean {
  return timeToCome.test(folded);
}

function row(
  id: string,
  kind: ReadingKind,
  language: 'fr' | 'en' | undefined,
  pattern: string,
  fact?: CountryFact,
  maxWords = kind === 'definition' ? 4 : 6,
): Rule {
  const proof = kind === 'country' ? 'country' : 'none';
  return { id, kind, language, pattern: new RegExp(`^${pattern}${polite}$`, 'd'), fact, proof, maxWords };
}

function proved(rule: Rule, proof: Proof): Rule {
  return { ...rule, proof };
}
