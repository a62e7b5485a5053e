import type { Identity } from './canonical-key.ts';

/** One result as a provider gave it, typed by its category. `I` is the thing itself, of which fusion knows nothing. */
export interface FoundResult<I> extends Identity {
  /** Kind of thing, such as `place`. */
  readonly type: string;
  /** Plain text. */
  readonly content: string;
  /** Registrable domain of `url`, where the mapping knows it. */
  readonly domain?: string;
  readonly author?: string;
  readonly thumbnail?: string;
  readonly language?: string;
  readonly item?: I;
}

/** What one provider answered, best first. */
export interface RankedList<I> {
  readonly provider: string;
  /** Where its data really comes from: lists of one lineage speak with one voice. */
  readonly lineage: string;
  /** 0.1..2; 1 until quality is learnt. */
  readonly weight: number;
  readonly results: readonly FoundResult<I>[];
}

/** One provider's part in a merged result. */
export interface Finding {
  readonly provider: string;
  readonly lineage: string;
  /** From 1. */
  readonly rank: number;
}

/** A result that went into another. */
export interface Duplicate {
  readonly url?: string;
  readonly provider: string;
  readonly reason: 'canonical_key' | 'near_duplicate';
}

/** One thing, and everyone who found it. */
export interface MergedResult<I> {
  readonly key: string;
  /** The best of what the findings say. */
  readonly result: FoundResult<I>;
  /** Each provider once, best rank first. */
  readonly findings: readonly Finding[];
  readonly duplicates: readonly Duplicate[];
}
