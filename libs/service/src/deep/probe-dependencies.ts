import { AppError } from '@universal-api/errors';
import type { Dependency, DependencyHealth, Finding } from './dependency.ts';

/** How long a probe may take, ms (platform.md 6.1). */
const probeLimitMs = 2_000;

/** What the probing needs. */
export interface ProbeOptions {
  /** ms since the epoch. */
  readonly now: () => number;
  /** For tests. */
  readonly limitMs?: number;
}

/** Asks all of them at once, each within its time; one that is away or late is an entry like the others. Never rejects. */
export async function probeDependencies(
  dependencies: readonly Dependency[],
  { now, limitMs = probeLimitMs }: ProbeOptions,
): Promise<ReadonlyMap<string, DependencyHealth>> {
  const entries = dependencies.map(async (dependency) => {
    const startedAt = performance.now();
    const finding = await probeOne(dependency, limitMs);
    const latencyMs = Math.round(performance.now() - startedAt);
    return [dependency.name, { latencyMs, ...finding, checkedAt: now() }] as const;
  });
  return new Map(await Promise.all(entries));
}

async function probeOne({ probe, without }: Dependency, limitMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve({ status: without, detailCode: 'timeout' }), limitMs);
  });
  try {
    return (await Promise.race([probe(), late])) ?? { status: 'healthy', detailCode: 'ok' };
  } catch (error) {
    return { status: without, detailCode: codeOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The code of our own errors; of others nothing may be told, since their texts hold addresses. */
function codeOf(error: unknown): string {
  if (!AppError.is(error)) return 'failed';
  return error.code === 'service_unavailable' ? 'unreachable' : error.code;
}
