import type { MergedResult, RankedList } from './found-result.ts';
import { compareText, mergeDuplicates } from './merge-duplicates.ts';

/** Steepness of the ranks: 20 of `search.md` 8. */
const k = 20;
const scoreSteps = 1e9;

/** One provider's part in a score. */
export interface FusedSource {
  readonly provider: string;
  readonly lineage: string;
  /** From 1. */
  readonly rank: number;
  /** Weight of its lineage among all that answered, 0..1. */
  readonly weight: number;
  /** Its part of `score`; all parts sum up to it. */
  readonly contribution: number;
}

/** A result with its score and what it is made of. */
export interface FusedResult<I> extends MergedResult<I> {
  /** 0..1 */
  readonly score: number;
  /** Largest contribution first. */
  readonly sources: readonly FusedSource[];
}

interface Family {
  /** Mean of its members' weights. */
  readonly weight: number;
  readonly members: readonly string[];
}

/**
 * Fuses the lists of one category into one (search.md 8, with β = ρ = 0):
 * `R(d) = Σ_f w_f·v_f(d) / Σ_f w_f`, where `v_f` is the mean over the providers of lineage `f` of `(k+1)/(k+rank)`, 0 where
 * a provider does not have the result. Scores are multiplied by `factor`, the category's own (0..1).
 * Best first; ties by best rank, then key. Pure; the order of the lists does not matter.
 */
export function fuseResults<I>(lists: readonly RankedList<I>[], factor = 1): readonly FusedResult<I>[] {
  const families = toFamilies(lists);
  const total = [...families.values()].reduce((sum, { weight }) => sum + weight, 0);
  const fused = mergeDuplicates(lists).map((merged): FusedResult<I> => {
    const sources = merged.findings.map(({ provider, lineage, rank }): FusedSource => {
      const family = families.get(lineage);
      if (!family) throw new Error(`a finding of ${lineage}, which gave no list`);
      const weight = family.weight / total;
      const contribution = (factor * weight * (k + 1)) / ((k + rank) * family.members.length);
      return { provider, lineage, rank, weight, contribution };
    });
    sources.sort((one, other) => other.contribution - one.contribution || compareText(one.provider, other.provider));
    const score = Math.min(
      1,
      sources.reduce((sum, { contribution }) => sum + contribution, 0),
    );
    return { ...merged, score, sources };
  });
  return fused.sort(compareFused);
}

/** Best first: score to nine decimals, then best rank, then canonical key. */
export function compareFused(one: FusedResult<unknown>, other: FusedResult<unknown>): number {
  const steps = Math.round(other.score * scoreSteps) - Math.round(one.score * scoreSteps);
  return steps || bestRank(one) - bestRank(other) || compareText(one.key, other.key);
}

function bestRank({ sources }: FusedResult<unknown>): number {
  return Math.min(...sources.map(({ rank }) => rank));
}

function toFamilies(lists: readonly RankedList<unknown>[]): ReadonlyMap<string, Family> {
  const byLineage = Map.groupBy(lists, ({ lineage }) => lineage);
  return new Map(
    [...byLineage].map(([lineage, members]) => [
      lineage,
      {
        // In order of provider, so that the sum does not depend on who answered first.
        weight:
          [...members]
            .sort((one, other) => compareText(one.provider, other.provider))
            .reduce((sum, { weight }) => sum + weight, 0) / members.length,
        members: members.map(({ provider }) => provider),
      },
    ]),
  );
}
