import { Agent, request } from 'node:http';

/** One run of requests. */
export interface Load {
  readonly url: string;
  /** Path of the n-th request; every one its own, so that no cache answers. */
  readonly pathOf: (n: number) => string;
  readonly count: number;
  readonly concurrency: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whom the n-th request comes from, behind the trusted proxy; absent: this machine. */
  readonly fromOf?: (n: number) => string;
}

/** How a run went. */
export interface LoadResult {
  /** Milliseconds of each request, in order of their end. */
  readonly latenciesMs: readonly number[];
  /** Answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** Sends a bounded number of requests over kept connections, `concurrency` at a time. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  let next = 0;
  const worker = async () => {
    while (next < load.count) {
      const startedAt = performance.now();
      const status = await get(load, agent, next++);
      latenciesMs.push(performance.now() - startedAt);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, worker));
  agent.destroy();
  return { latenciesMs, statuses };
}

/** The value below which a share of the numbers lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function get(load: Load, agent: Agent, n: number): Promise<number> {
  const from = load.fromOf && { 'x-forwarded-for': load.fromOf(n) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      load.url + load.pathOf(n),
      { agent, headers: { ...load.headers, ...from } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end();
  });
}
