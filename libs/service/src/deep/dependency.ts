/** How well something works, best first. */
export const dependencyStates = ['healthy', 'degraded', 'unhealthy'] as const;

/** One of them. */
export type DependencyStatus = (typeof dependencyStates)[number];

/** What a probe found. */
export interface Finding {
  readonly status: DependencyStatus;
  /** A word for machines, such as `ok` or `idle`; public, so no addresses and no texts of others. */
  readonly detailCode: string;
  /** Where the time is not that of the probe, such as that of a provider's calls, ms. */
  readonly latencyMs?: number;
}

/** Something that an app stands on, and how it is asked. */
export interface Dependency {
  /** Such as `postgres`; one entry of the answer. */
  readonly name: string;
  /** What the app is without it: `degraded` where it goes on with less. */
  readonly without: Exclude<DependencyStatus, 'healthy'>;
  /** Asks it for real, by a write and a read where it keeps things. Rejects while it is away; no finding: it works. */
  probe(): Promise<Finding | undefined>;
}

/** One entry of the answer. */
export interface DependencyHealth extends Required<Finding> {
  /** When the probe ended, ms since the epoch. */
  readonly checkedAt: number;
}

/** The worst of some states; healthy if there are none. */
export function worstOf(states: Iterable<DependencyStatus>): DependencyStatus {
  const ranks = [...states].map((status) => dependencyStates.indexOf(status));
  return dependencyStates[Math.max(0, ...ranks)] ?? 'unhealthy';
}
