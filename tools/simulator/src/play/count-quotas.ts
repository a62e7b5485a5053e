import type { EffectiveProfile } from '../profile/profile-table.ts';

/** Counts calls in windows that begin on the clock (UTC), as most upstreams do. */
export interface QuotaCounter {
  /** Counts one call; or, without counting it, answers when the window that is full ends, ms since the epoch. */
  take(quotas: EffectiveProfile['quotas'], now: number): number | undefined;
}

/** A counter of nothing yet. Bounded: one window for each quota that stands in a profile. */
export function createQuotaCounter(): QuotaCounter {
  const windows = new Map<string, { begin: number; count: number }>();

  function windowOf({ countedAs, windowS, limit }: EffectiveProfile['quotas'][number], now: number) {
    const begin = Math.floor(now / (windowS * 1000)) * windowS * 1000;
    const name = `${countedAs}|${limit}/${windowS}`;
    const known = windows.get(name);
    if (known && known.begin === begin) return known;
    const fresh = { begin, count: 0 };
    windows.set(name, fresh);
    return fresh;
  }

  return {
    take(quotas, now) {
      const open = quotas.map((quota) => ({ quota, window: windowOf(quota, now) }));
      const full = open.filter(({ quota, window }) => window.count >= quota.limit);
      if (full.length > 0) return Math.max(...full.map(({ quota, window }) => window.begin + quota.windowS * 1000));
      for (const { window } of open) window.count += 1;
      return undefined;
    },
  };
}
