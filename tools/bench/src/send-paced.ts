import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** A load that does not wait for its answers: each request at its time, however the ones before fare. */
export interface PacedLoad {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headersOf: (n: number) => Readonly<Record<string, string>>;
  readonly bodyOf?: (n: number) => string;
}

/** How it went. */
export interface PacedResult {
  /** From the time a request was due to the end of its answer, ms. */
  readonly latenciesMs: readonly number[];
  readonly statuses: Readonly<Record<number, number>>;
}

const socketsAtOnce = 64;

/** Sends a bounded number of requests at a steady rate over kept connections; latency counts from when each was due. */
export async function sendPaced(load: PacedLoad): Promise<PacedResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsAtOnce });
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  const total = Math.round(load.perSecond * load.seconds);
  const begunAt = performance.now();
  const under: Promise<void>[] = [];
  for (let n = 0; n < total; n++) {
    const dueAt = begunAt + (n * 1000) / load.perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 1) await setTimeout(waitMs);
    under.push(
      send(load, agent, n).then((status) => {
        latenciesMs.push(performance.now() - dueAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
    );
  }
  await Promise.all(under);
  agent.destroy();
  return { latenciesMs, statuses };
}

function send({ url, path, method = 'GET', headersOf, bodyOf }: PacedLoad, agent: Agent, n: number): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(url + path, { agent, method, headers: headersOf(n) }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    outgoing.once('error', () => resolve(0));
    outgoing.end(bodyOf?.(n));
  });
}
