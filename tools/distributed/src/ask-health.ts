import { setTimeout } from 'node:timers/promises';

const answerMs = 2_000;
const askEveryMs = 200;
const healthyMs = 30_000;

/** Whether `/health/ready` of an operations port says yes; no answer is a no. */
export async function askReady(host: string, port: number): Promise<boolean> {
  const response = await ask(host, port, '/health/ready');
  return response?.ok === true;
}

/**
 * Waits until `/api/health` of the gateway says that every part is healthy.
 * Errors: one sentence with the parts that are not, after 30 s; the reason of `signal`.
 */
export async function untilHealthy(host: string, port: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = healthyMs; ; leftMs -= askEveryMs) {
    signal.throwIfAborted();
    const health = (await (await ask(host, port, '/api/health'))?.json()) as Health | undefined;
    if (health?.status === 'healthy') return;
    if (leftMs <= 0) throw new Error(`The gateway does not see every part healthy: ${sickOf(health)}.`);
    await setTimeout(askEveryMs);
  }
}

interface Health {
  readonly status: string;
  readonly parts?: Readonly<Record<string, { readonly status: string }>>;
}

function sickOf(health: Health | undefined): string {
  const sick = Object.entries(health?.parts ?? {}).filter(([, { status }]) => status !== 'healthy');
  return sick.length === 0 ? 'no answer' : sick.map(([name, { status }]) => `${name} is ${status}`).join(', ');
}

async function ask(host: string, port: number, path: string): Promise<Response | undefined> {
  try {
    return await fetch(`http://${reachable(host)}:${port}${path}`, { signal: AbortSignal.timeout(answerMs) });
  } catch {
    // Not yet listening.
    return undefined;
  }
}

/** An address that means all of them is asked at loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
