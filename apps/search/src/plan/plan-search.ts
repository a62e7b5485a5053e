import type { Query } from '../query/read-query.ts';
import type { Reading, ReadingKind } from './reading.ts';
import type { SearchCategory, SlotArgs } from './search-category.ts';

/** One question of a search, to one operation; in a merge category pinned to one provider. */
export interface Slot {
  /** Unique within the plan. */
  readonly id: string;
  readonly category: string;
  readonly operation: string;
  readonly args: SlotArgs;
  /** The one provider that is asked; absent: the chain of the operation. */
  readonly provider?: string;
  /** Share of the planned weight, 0..1. */
  readonly weight: number;
  /** The caller asked for the category by name, or it is more likely than not. */
  readonly needed: boolean;
}

/** A category that is part of the search and is not asked. */
export interface LeftCategory {
  readonly category: string;
  readonly status: 'not_applicable' | 'not_available';
  /** Why: a word such as `no_place_named` or `no_provider`. */
  readonly code: string;
  /** Share of the planned weight that stays unanswered; 0 when it does not count. */
  readonly weight: number;
  /** The operation that nobody here may answer, where that is why. */
  readonly operation?: string;
  readonly args?: SlotArgs;
}

/** How likely a query is about a category, and the rule that says so. */
export interface LikelyCategory {
  readonly name: string;
  /** 0..1 */
  readonly p: number;
  readonly evidence: readonly string[];
}

/** What will be asked. The weights of `slots` and `left` sum up to 1, or to 0 when nothing can be asked. */
export interface SearchPlan {
  readonly likely: readonly LikelyCategory[];
  readonly abstained: boolean;
  readonly slots: readonly Slot[];
  readonly left: readonly LeftCategory[];
}

/** What a search is planned from. */
export interface PlanInput {
  readonly query: Query;
  /** Absent: nothing was recognised. */
  readonly reading?: Reading;
  /** Ids of the categories that the caller named; empty: those that the query is about. */
  readonly named: readonly string[];
  /** Language of the search (BCP 47). */
  readonly language: string;
  readonly categories: readonly SearchCategory[];
  /** Ids of those who may answer an operation, in the order of attempt; the others are no part of the plan. */
  readonly membersOf: (operation: string, args: SlotArgs) => readonly string[];
}

/** Probability from which a category is needed. */
const neededP = 0.5;
/** A category of which nobody knows whether it is meant. */
const freeTextP = 0.25;
const maxSlots = 12;

/** What each reading speaks for (search.md 4: rules of high precision decide alone). */
const likelyOf: Readonly<Record<ReadingKind, readonly (readonly [category: string, p: number])[]>> = {
  definition: [['dictionary', 0.95]],
  time: [
    ['tools', 0.95],
    ['geocoding', 0.3],
  ],
  weather: [
    ['weather', 0.9],
    ['geocoding', 0.5],
  ],
  country: [['countries', 0.95]],
  place: [['geocoding', 0.8]],
};

/** Plans a search: who is asked what, how much each counts, and which categories are left and why. Pure (search.md 5). */
export function planSearch(input: PlanInput): SearchPlan {
  const likely = likelyCategories(input);
  const wanted = wantedCategories(input, likely);
  const drafts = wanted.map(({ category, p, isNamed }) => draftCategory(input, category, { p, isNamed }));
  const slots = drafts.flatMap((draft) => draft.slots).slice(0, maxSlots);
  const left = drafts.flatMap((draft) => draft.left);
  const total = [...slots, ...left].reduce((sum, { weight }) => sum + weight, 0);
  const share = <T extends { readonly weight: number }>(part: T): T => ({
    ...part,
    weight: total === 0 ? 0 : part.weight / total,
  });
  return { likely, abstained: !input.reading, slots: slots.map(share), left: left.map(share) };
}

function likelyCategories({ reading, query }: PlanInput): readonly LikelyCategory[] {
  if (!reading) return [];
  const evidence = [reading.rule];
  // A country is told of by its facts; a town of its name is somewhere else.
  const isCountry = reading.thing.type === 'country';
  const likely = likelyOf[reading.kind].map(([name, p]) => ({
    name: isCountry && name === 'geocoding' ? 'countries' : name,
    p,
    evidence,
  }));
  if (reading.rule !== 'any.name-alone') return likely;
  // "Orange" and "Turkey" are words as well, and a country's name may be a town's.
  const asWord = query.tokens.length === 1 ? [{ name: 'dictionary', p: 0.3, evidence }] : [];
  return [...likely, ...asWord];
}

interface Wanted {
  readonly category: SearchCategory;
  readonly p: number;
  readonly isNamed: boolean;
}

function wantedCategories({ named, reading, categories }: PlanInput, likely: readonly LikelyCategory[]): Wanted[] {
  const pOf = (id: string) => likely.find(({ name }) => name === id)?.p;
  if (named.length > 0) {
    return categories
      .filter(({ id }) => named.includes(id))
      .map((category) => ({ category, p: pOf(category.id) ?? neededP, isNamed: true }));
  }
  if (!reading) {
    return categories
      .filter(({ takesFreeText }) => takesFreeText)
      .map((category) => ({ category, p: freeTextP, isNamed: false }));
  }
  return likely.flatMap(({ name, p }) => {
    const category = categories.find(({ id }) => id === name);
    return category ? [{ category, p, isNamed: false }] : [];
  });
}

interface Draft {
  readonly slots: readonly Slot[];
  readonly left: readonly LeftCategory[];
}

function draftCategory(input: PlanInput, category: SearchCategory, { p, isNamed }: Omit<Wanted, 'category'>): Draft {
  const { id, kind, maxMembers } = category;
  const question = category.toQuestion({ ...input, isNamed });
  const needed = isNamed || p >= neededP;
  if ('notApplicable' in question) {
    return { slots: [], left: [{ category: id, status: 'not_applicable', code: question.notApplicable, weight: 0 }] };
  }
  const { operation, args } = question;
  const members = input.membersOf(operation, args);
  if (members.length === 0) {
    const weight = needed ? p : 0;
    return {
      slots: [],
      left: [{ category: id, status: 'not_available', code: 'no_provider', weight, operation, args }],
    };
  }
  const slot = { category: id, operation, args, needed };
  if (kind !== 'merge') return { slots: [{ ...slot, id, weight: p }], left: [] };
  const asked = members.slice(0, maxMembers ?? (needed ? 4 : 2));
  const weight = p / asked.length;
  return { slots: asked.map((provider) => ({ ...slot, id: `${id}:${provider}`, provider, weight })), left: [] };
}
