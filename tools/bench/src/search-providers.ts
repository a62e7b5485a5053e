import type { ConfiguredProvider } from '@universal-api/providers-router';
import type { ProviderManifest } from '@universal-api/providers-spec';
import { setTimeout as wait } from 'node:timers/promises';

/** One hit of the bench's search. */
export interface Hit {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

/** The operation that all of them serve; the product has no such operation. */
export const benchOperation = 'bench.search';

/** How the simulated providers behave: 50 ms ± 20 %, and 5 % of calls stall for a second. */
const behaviour = {
  count: 12,
  medianMs: 50,
  spread: 0.2,
  stallShare: 0.05,
  stallMs: 1_000,
  hits: 10,
  pool: 30,
} as const;

/** Twelve providers in process, over real timers, each with a lineage of its own; `random` is seeded by the caller. */
export function simulatedProviders(random: () => number): readonly ConfiguredProvider[] {
  return Array.from({ length: behaviour.count }, (_, index) => {
    const manifest = manifestOf(`bench_${String(index).padStart(2, '0')}`);
    const search = async (
      _question: unknown,
      { signal }: { readonly signal: AbortSignal },
    ): Promise<readonly Hit[]> => {
      const isStalling = random() < behaviour.stallShare;
      const usual = behaviour.medianMs * (1 + behaviour.spread * (2 * random() - 1));
      await wait(isStalling ? behaviour.stallMs : usual, undefined, { signal });
      return hits(random);
    };
    return {
      manifest,
      provider: { manifest, operations: { [benchOperation]: search } },
      operations: [benchOperation],
      usesKey: false,
      hostNames: () => [],
      quotas: [],
    };
  });
}

/** Hits from one pool, so that providers agree on some. */
function hits(random: () => number): readonly Hit[] {
  const start = Math.floor(random() * behaviour.pool);
  return Array.from({ length: behaviour.hits }, (_, index) => {
    const page = (start + index * 7) % behaviour.pool;
    return {
      title: `Page ${page} of the bench`,
      url: `https://www.example${page % 9}.org/pages/${page}?utm_source=bench&id=${page}`,
      snippet: `What page ${page} says about the question, in a sentence of some length.`,
    };
  });
}

function manifestOf(id: string): ProviderManifest {
  return {
    id,
    name: id,
    documentation: 'https://example.org/docs',
    kind: 'remote',
    operations: { [benchOperation]: {} },
    auth: { kind: 'none' },
    hosts: { base: 'http://127.0.0.1:9' },
    quotas: [],
    timeoutMs: 2_000,
    licence: 'none',
    attribution: '',
    commercialUse: 'yes',
    mayBeStored: true,
    honoursExpiry: false,
    unofficial: false,
    enabledByDefault: true,
    lineage: id,
    failureRules: [],
    costNanoUsd: 0n,
  };
}
