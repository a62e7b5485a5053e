import { AppError, type CandidateReason } from '@universal-api/errors';
import type { Availability } from '@universal-api/providers-router';
import type { LeftCategory, Slot } from '../../plan/plan-search.ts';
import type { Settled } from '../../scatter/collect-until.ts';
import type { SlotAnswer } from '../operations/slot-operation.ts';

/** How one slot stood when the search returned. */
export interface SlotEnd {
  readonly slot: Slot;
  /** Absent: it was still open. */
  readonly settled?: Settled<SlotAnswer>;
  /** Whether it counts for completeness; not one that is late as a rule. */
  readonly isCounted: boolean;
  /** Whether the time was over, if it was still open. */
  readonly wasTimeOver: boolean;
  /** Who may answer its operation, and why each other may not. */
  readonly available: readonly Availability[];
}

/** A category that was not asked, and who might have answered. */
export interface LeftEnd {
  readonly left: LeftCategory;
  readonly available: readonly Availability[];
}

/** How a whole search stood. */
export interface SearchEnd {
  readonly ends: readonly SlotEnd[];
  readonly left: readonly LeftEnd[];
}

/** The first who may answer a slot. */
export function firstOf({ slot, available }: SlotEnd): string | undefined {
  return slot.provider ?? available.find(({ reason }) => reason === undefined)?.provider;
}

/** Who did not answer a slot that failed, and why; of a pinned slot only the one who was asked. */
export function candidatesOf({ slot, settled }: SlotEnd): readonly CandidateReason[] {
  if (settled?.kind !== 'failed' || !AppError.is(settled.error)) return [];
  const candidates = settled.error.details.candidates ?? [];
  return slot.provider === undefined ? candidates : candidates.filter(({ provider }) => provider === slot.provider);
}

/** How much of what was planned has answered. */
export interface Completeness {
  /** 0..1, rounded down to 0.01. */
  readonly completeness: number;
  readonly partial: boolean;
}

/**
 * Answered weight over planned weight (search.md 9); nothing found on a weaker basis is no answer. Nothing planned is
 * nothing answered: a search is never silently empty.
 */
export function measureCompleteness({ ends, left }: SearchEnd): Completeness {
  const counted = ends.filter(({ settled, isCounted }) => isCounted && settled?.kind !== 'void');
  const sum = (weights: readonly { readonly weight: number }[]) =>
    weights.reduce((total, { weight }) => total + weight, 0);
  const planned = sum(counted.map(({ slot }) => slot)) + sum(left.map((end) => end.left));
  const answered = sum(
    counted.filter(({ settled }) => settled?.kind === 'answered' && isKnown(settled.value)).map(({ slot }) => slot),
  );
  const share = planned === 0 ? 0 : answered / planned;
  const completeness = Math.floor(share * 100 + 1e-9) / 100;
  return { completeness, partial: completeness < 1 };
}

/** How a category stands: `ok`, `partial`, `empty`, `failed`, `not_applicable` or `not_available`. */
export function categoryStatus(category: string, { ends, left }: SearchEnd): string {
  const own = ends.filter(({ slot }) => slot.category === category);
  if (own.length === 0) return left.find((end) => end.left.category === category)?.left.status ?? 'not_applicable';
  const asked = own.filter(({ settled }) => settled?.kind !== 'void');
  if (asked.length === 0) return 'not_applicable';
  const answers = asked.flatMap(({ settled }) => (settled?.kind === 'answered' ? [settled.value] : []));
  if (answers.length === 0) return 'failed';
  if (answers.length < asked.length || !answers.every(isKnown)) return 'partial';
  return answers.some(({ results, typed }) => results.length > 0 || typed) ? 'ok' : 'empty';
}

/** Not where nothing was found while somebody better failed or was down: that says little about what there is. */
function isKnown({ results, typed, meta }: SlotAnswer): boolean {
  const isWeak = (meta?.degraded ?? []).some(({ code }) => code === 'weaker_basis');
  return results.length > 0 || typed !== undefined || !isWeak;
}
