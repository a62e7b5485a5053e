import type { LeftoverLimit } from './collect-until.ts';

/** Most calls of a process that run on after their searches have returned (search.md 6). */
export const mostLeftovers = 64;

/** Counts them; one for all searches of a process. */
export function createLeftoverLimit(most: number = mostLeftovers): LeftoverLimit {
  let running = 0;
  return {
    take() {
      if (running >= most) return false;
      running += 1;
      return true;
    },
    free() {
      running -= 1;
    },
  };
}
