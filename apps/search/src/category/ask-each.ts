import { AppError } from '@universal-api/errors';
import type { Availability, Degradation, Routed } from '@universal-api/providers-router';

/** Providers that may answer now, in the order of attempt, the first of each lineage, at most so many. Pure. */
export function firstOfEachLineage(chain: readonly Availability[], most: number): readonly string[] {
  const byLineage = new Map<string, string>();
  for (const { provider, lineage, reason } of chain) {
    if (reason === undefined && !byLineage.has(lineage)) byLineage.set(lineage, provider);
  }
  return [...byLineage.values()].slice(0, most);
}

/** What came of asking several. */
export interface Settled<A> {
  /** In the order in which they were asked. */
  readonly answers: readonly Routed<A>[];
  /** One `source_missing` for each who did not answer, with its reason. */
  readonly missing: readonly Degradation[];
}

/** Asks all at once and waits for all; each has a deadline of its own. Throws nothing: who fails is missing. */
export async function settleEach<A>(
  providers: readonly string[],
  ask: (provider: string) => Promise<Routed<A>>,
): Promise<Settled<A>> {
  const settled = await Promise.allSettled(providers.map(ask));
  const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  const counts = { from: String(providers.length), to: String(answers.length) };
  const missing = settled.flatMap((each, index) => {
    const provider = providers[index] ?? '';
    if (each.status === 'fulfilled') return [];
    return { code: 'source_missing', detail: `${provider}: ${reasonOf(each.reason, provider)}`, ...counts };
  });
  return { answers, missing };
}

function reasonOf(error: unknown, provider: string): string {
  const { code, details } = AppError.from(error);
  return details.candidates?.find((candidate) => candidate.provider === provider)?.reason ?? code;
}
