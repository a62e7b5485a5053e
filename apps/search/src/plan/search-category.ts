import type { Query } from '../query/read-query.ts';
import type { CountryFact, Reading } from './reading.ts';

/** What an operation is asked with; each only where the operation takes it. */
export interface SlotArgs {
  /** Name of a place. */
  readonly place?: string;
  /** Code or exact name of a country. */
  readonly country?: string;
  /** IANA time zone. */
  readonly timezone?: string;
  readonly word?: string;
  /** Free text, for operations that search by it. */
  readonly text?: string;
  /** Language of the word (BCP 47). */
  readonly language?: string;
  /** The fact of a country that is asked for. */
  readonly fact?: CountryFact;
}

/** What a category is asked, or why it cannot be. */
export type CategoryQuestion =
  { readonly operation: string; readonly args: SlotArgs } | { readonly notApplicable: string };

/** What a category can see when it says what it would be asked. */
export interface CategoryContext {
  readonly query: Query;
  /** What the query was taken for; absent: nothing. */
  readonly reading?: Reading;
  /** Whether the caller asked for this category by name. */
  readonly isNamed: boolean;
  /** Language of the search (BCP 47). */
  readonly language: string;
}

/** One category of universal search, as data and one pure function. */
export interface SearchCategory {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly aliases: readonly string[];
  /** `merge`: its first members are asked in parallel; otherwise one slot, whose chain is the router's. */
  readonly kind: 'route' | 'merge' | 'local';
  /** The operation that stands for it: who may answer, how long answers stay fresh. */
  readonly operation: string;
  /** Most members asked, of a merge category; absent: 4 when needed, 2 otherwise. */
  readonly maxMembers?: number;
  /** Whether it joins a search of which nothing was recognised. */
  readonly takesFreeText: boolean;
  readonly toQuestion: (context: CategoryContext) => CategoryQuestion;
}
