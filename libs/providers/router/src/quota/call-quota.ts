import type { CallOrigin } from '../route-question.ts';

/**
 * How many calls of a tenant remote providers may answer (platform.md 2.6). What the cache or a local provider answers is free.
 */
export interface CallQuota {
  /**
   * Holds one unit for a call before a remote provider is asked for it: the same one for all its questions. At once where units
   * are at hand. Never throws.
   */
  hold(origin: CallOrigin): QuotaHold | Promise<QuotaHold>;
}

/** A unit that is held, or why there is none. */
export type QuotaHold =
  | {
      readonly isHeld: true;
      /** The question has ended: whether a remote provider answered it. A unit of a call that none answered is given back. */
      end(isAnswered: boolean): void;
    }
  | NoQuota;

/** No remote provider may be asked. */
export interface NoQuota {
  readonly isHeld: false;
  /** `quota`: used up. `slots_unavailable`: whoever keeps account is out of reach. */
  readonly reason: 'quota' | 'slots_unavailable';
  /** When there may be more, ms since the epoch; absent: nobody knows. */
  readonly availableAt?: number;
}

/** Ends a run that would have to ask a remote provider: the caller's tenant may not. Nobody else's run is told by it. */
export class QuotaGone extends Error {
  readonly quota: NoQuota;

  constructor(quota: NoQuota) {
    super('the quota of the tenant is used up');
    this.name = 'QuotaGone';
    this.quota = quota;
  }
}
