import { watchHealth, type RemoteHealth } from '@universal-api/grpc';
import type { PartHealth } from '../site/serve-health.ts';

/** The services behind the gateway, as their own health checks say. */
export interface ServiceStates {
  /** For `/api/health`: a part is healthy, or unhealthy with the reason. */
  parts(): Readonly<Record<string, PartHealth>>;
  /** Resolves once every service serves; rejects after `withinMs`, naming those that do not. */
  untilServing(withinMs: number): Promise<void>;
  close(): void;
}

/** Follows `grpc.health.v1` of each service, by app name. */
export function watchServices(targets: Readonly<Record<string, string>>): ServiceStates {
  const states = new Map<string, RemoteHealth>();
  const listeners = new Set<() => void>();
  const ends = Object.entries(targets).map(([app, target]) =>
    watchHealth(target, (state) => {
      states.set(app, state);
      for (const listener of listeners) listener();
    }),
  );
  const missing = () => Object.keys(targets).filter((app) => states.get(app) !== 'serving');
  return {
    parts: () =>
      Object.fromEntries(
        Object.keys(targets).map((app) => {
          const state = states.get(app) ?? 'unreachable';
          return [app, state === 'serving' ? { status: 'healthy' } : { status: 'unhealthy', reason: state }];
        }),
      ),
    untilServing: (withinMs) =>
      new Promise((resolve, reject) => {
        const done = (error?: Error) => {
          clearTimeout(timer);
          listeners.delete(look);
          if (error) reject(error);
          else resolve();
        };
        const look = () => {
          if (missing().length === 0) done();
        };
        const timer = setTimeout(() => done(new Error(`not serving: ${missing().join(', ')}`)), withinMs);
        listeners.add(look);
        look();
      }),
    close: () => {
      for (const end of ends) end();
    },
  };
}
