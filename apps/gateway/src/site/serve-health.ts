import { Router, type Response } from 'express';
import { onlyGet } from './only-get.ts';

/** How well something works, best first. */
export const healthStates = ['healthy', 'degraded', 'unhealthy'] as const;
export type HealthState = (typeof healthStates)[number];

/** How one part is, and what it wants to say about it; public, so no addresses, no secrets. */
export interface PartHealth {
  readonly status: HealthState;
  readonly [detail: string]: string | number | boolean | undefined;
}

/** Where the answers come from. */
export interface HealthOptions {
  readonly version: string;
  /** Commit or image that is running. */
  readonly build: string;
  readonly now: () => Date;
  /** The parts as they are known to be now; answered from memory, so that asking costs nothing. */
  readonly parts: () => Readonly<Record<string, PartHealth>>;
  /** Whether this process takes calls: not while starting, draining or shedding hard. */
  readonly isReady: () => boolean;
}

/**
 * GET `/api/health` (how each part is; the whole is as its worst part), `/api/health/ready` (503 when no calls are
 * taken) and `/api/health/live`. Nothing here is a constant: states are handed in, and life is a turn of the loop.
 */
export function serveHealth({ version, build, now, parts, isReady }: HealthOptions): Router {
  const router = Router();
  onlyGet(router, '/api/health', (_request, response) => {
    const states = parts();
    answer(response, 200, { status: worstOf(states), name: 'universal-api', version, build, parts: states });
  });
  onlyGet(router, '/api/health/ready', (_request, response) => {
    const ready = isReady();
    answer(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', timestamp: now().toISOString() });
  });
  onlyGet(router, '/api/health/live', (_request, response) => {
    setImmediate(() => answer(response, 200, { status: 'alive', timestamp: now().toISOString() }));
  });
  return router;
}

function worstOf(parts: Readonly<Record<string, PartHealth>>): HealthState {
  const ranks = Object.values(parts).map(({ status }) => healthStates.indexOf(status));
  return healthStates[Math.max(0, ...ranks)] ?? 'unhealthy';
}

function answer(response: Response, status: number, body: object): void {
  response.status(status).set('Cache-Control', 'no-store').json(body);
}
