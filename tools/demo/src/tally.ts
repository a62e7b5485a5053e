/** One call as it ended. */
export interface Call {
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** Who answered; absent when nobody did. */
  readonly provider?: string;
}

/** What a stretch of the demonstration came to. */
export interface Summary {
  readonly calls: number;
  readonly answered: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Weather answers by provider, most first. */
  readonly weatherBy: readonly (readonly [string, number])[];
}

/** Sums calls up. */
export function summarise(calls: readonly Call[]): Summary {
  const times = calls.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const byProvider = new Map<string, number>();
  for (const { path, provider } of calls) {
    if (provider && path.startsWith('/weather')) byProvider.set(provider, (byProvider.get(provider) ?? 0) + 1);
  }
  return {
    calls: calls.length,
    answered: calls.filter(({ status }) => status === 200).length,
    p50Ms: Math.round(at(0.5)),
    p95Ms: Math.round(at(0.95)),
    weatherBy: [...byProvider].sort(([, a], [, b]) => b - a),
  };
}

/** A summary as one line. */
export function lineOf({ calls, answered, p50Ms, p95Ms, weatherBy }: Summary): string {
  const who = weatherBy.map(([provider, count]) => `${provider} ${count}`).join(', ') || 'nobody';
  return `${answered}/${calls} answered   p50 ${p50Ms} ms, p95 ${p95Ms} ms   weather by: ${who}`;
}
