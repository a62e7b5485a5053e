import type { ProviderManifest } from '@universal-api/providers-spec';
import type { NoQuota } from './quota/call-quota.ts';
import type { AnswerMeta, AttemptRecord, Degradation } from './route-question.ts';

/** An answer as it is kept: whose, when, and what it lacks. Plain data. */
export interface KeptAnswer {
  /** Id of the provider. */
  readonly provider: string;
  /** Absent: it said that there is nothing. */
  readonly answer?: unknown;
  readonly isNothing: boolean;
  /** When it was given, ms since the epoch. */
  readonly asOf: number;
  readonly degraded: readonly Degradation[];
  /** Of the call that brought it. */
  readonly attempts: readonly AttemptRecord[];
  /** nano-USD of that call. */
  readonly costNanoUsd: bigint;
  /** The quota of the one tenant that it is for kept remote providers from being asked; such an answer is never stored. */
  readonly quota?: NoQuota;
}

const noAttempts: readonly AttemptRecord[] = [];

/** Says where an answer comes from: one that was kept cost nothing and asked nobody this time. */
export function buildMeta(
  kept: KeptAnswer,
  manifest: ProviderManifest,
  { isCached, freshUntil }: { readonly isCached: boolean; readonly freshUntil: number },
): AnswerMeta {
  return {
    provider: kept.provider,
    attempts: isCached ? noAttempts : kept.attempts,
    cached: isCached,
    asOf: kept.asOf,
    degraded: kept.degraded,
    licence: manifest.licence,
    attribution: manifest.attribution,
    costNanoUsd: isCached ? 0n : kept.costNanoUsd,
    freshUntil,
    ...(kept.quota && { quota: kept.quota }),
  };
}

/**
 * Provenance of an answer that took several questions, such as weather at a place that was looked up by name: attempts,
 * losses, licences and costs of all, in their order; who answered and when is said of the main one alone.
 */
export function joinMeta(all: readonly AnswerMeta[], main: AnswerMeta): AnswerMeta {
  if (all.length === 1) return main;
  const mainFirst = [main, ...all.filter((meta) => meta !== main)];
  return {
    ...main,
    attempts: all.flatMap(({ attempts }) => attempts),
    degraded: all.flatMap(({ degraded }) => degraded),
    licence: joinTexts(mainFirst.map(({ licence }) => licence)),
    attribution: joinTexts(mainFirst.map(({ attribution }) => attribution)),
    costNanoUsd: all.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
    freshUntil: Math.min(...all.map(({ freshUntil }) => freshUntil)),
  };
}

function joinTexts(texts: readonly string[]): string {
  return [...new Set(texts)].filter((text) => text !== '').join('; ');
}
