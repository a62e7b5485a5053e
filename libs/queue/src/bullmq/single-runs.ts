/** Keeps two runs of one id apart in a process, whatever the store hands out. */
export interface SingleRuns {
  /**
   * Runs `work`, or, while the same id is running, lets that run be followed by one more. Resolves when nothing of it is left to
   * do for the caller. `work` does not throw.
   */
  run(id: string, work: () => Promise<void>): Promise<void>;
  /** How many are running. */
  count(): number;
  /** Resolves once none is. */
  whenIdle(): Promise<void>;
}

/**
 * A store that was emptied, or workers that were made anew, can give a process a job whose namesake is still running in it.
 */
export function createSingleRuns(): SingleRuns {
  const again = new Map<string, boolean>();
  let idle = Promise.withResolvers<void>();
  return {
    async run(id, work) {
      if (again.has(id)) return void again.set(id, true);
      try {
        do {
          again.set(id, false);
          await work();
        } while (again.get(id));
      } finally {
        again.delete(id);
        if (again.size === 0) {
          idle.resolve();
          idle = Promise.withResolvers();
        }
      }
    },
    count: () => again.size,
    whenIdle: () => (again.size === 0 ? Promise.resolve() : idle.promise),
  };
}
