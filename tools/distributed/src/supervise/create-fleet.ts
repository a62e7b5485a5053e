import { superviseApp, type AppPlan, type SupervisedApp, type SuperviseOptions } from './supervise-app.ts';

/** Apps that are kept running together. */
export interface Fleet {
  /**
   * Starts apps at the same time and resolves once all of them serve. Rejects with the sentence of the first that does not; what
   * runs is then stopped by `stop`.
   */
  start(plans: readonly AppPlan[]): Promise<void>;
  /** Ends all, one after the other, the last that was started first. */
  stop(): Promise<void>;
  /** In start order. */
  apps(): readonly SupervisedApp[];
}

/** An empty fleet. */
export function createFleet(options: SuperviseOptions): Fleet {
  const apps: SupervisedApp[] = [];
  return {
    async start(plans) {
      const started = plans.map((plan) => superviseApp(plan, options));
      apps.push(...started);
      await Promise.all(started.map(({ ready }) => ready));
    },
    async stop() {
      for (const app of apps.toReversed()) await app.stop();
    },
    apps: () => apps,
  };
}
