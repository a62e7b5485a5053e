import { setTimeout } from 'node:timers/promises';
import type { AppProcess } from './app-process.ts';

/** Processes that were started, and where they say how they are. */
export interface StartingApps {
  readonly processes: readonly AppProcess[];
  readonly operationsUrls: readonly string[];
  readonly gatewayUrls: readonly string[];
}

const withinMs = 45_000;

/** Waits until every process is ready and every gateway sees every service serve; rejects with what they printed. */
export async function untilReady({ processes, operationsUrls, gatewayUrls }: StartingApps): Promise<void> {
  const deadline = performance.now() + withinMs;
  const urls = [
    ...operationsUrls.map((url) => `${url}/health/ready`),
    ...gatewayUrls.map((url) => `${url}/api/health`),
  ];
  while (!(await Promise.all(urls.map(isGood))).every(Boolean)) {
    const gone = processes.find((process) => process.ended() !== undefined);
    if (gone) throw new Error(`${gone.name} ended while it started (${gone.ended()}):\n${gone.printed()}`);
    if (performance.now() > deadline) {
      const printed = processes.map((process) => `${process.name}:\n${process.printed()}`).join('\n');
      throw new Error(`the apps were not ready within ${withinMs / 1_000} s\n${printed}`);
    }
    await setTimeout(100);
  }
}

/** Readiness says so by its status, the health of all parts by a word. */
async function isGood(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    const { status = 'healthy' } = (await response.json()) as { readonly status?: string };
    return response.status === 200 && ['healthy', 'ready'].includes(status);
  } catch {
    return false; // Not listening yet.
  }
}
