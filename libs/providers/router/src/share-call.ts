import { createCachedCall, type Cache, type CachedAnswer } from '@universal-api/cache';
import { AppError } from '@universal-api/errors';
import type { Clock } from '@universal-api/resilience';
import type { runChain, ChainCall } from './attempt/run-chain.ts';
import { TimeUp, withinTime } from './attempt/within-time.ts';
import { QuotaGone } from './quota/call-quota.ts';
import type { KeptAnswer } from './build-meta.ts';

/** Runs one call down the chain of its operation. */
export type RunOperation = (call: ChainCall) => ReturnType<typeof runChain>;

/** Answers from the cache, or by one run for all who ask the same at the same time. */
export type ShareCall = (key: string, call: ChainCall, run: RunOperation) => Promise<CachedAnswer<KeptAnswer>>;

/** A shared run may end a little after a caller's deadline, so that its own word about it is heard, ms. */
const graceMs = 50;

/**
 * Joins cache, single flight and the deadline of each caller. A run goes by the deadline of the caller who began it; one who
 * joined it and has more time begins another when that one was too short, or ended because the quota of its tenant is used up.
 */
export function createShareCall({ cache, clock }: { cache: Cache<KeptAnswer>; clock: Clock }): ShareCall {
  const cachedCall = createCachedCall({ cache, clock });
  return async (key, call, run) => {
    for (;;) {
      let isOwn = false;
      const make = (signal: AbortSignal) => {
        isOwn = true;
        return run({ ...call, signal });
      };
      const limitMs = call.deadlineAt - clock.now() + graceMs;
      try {
        return await withinTime(limitMs, call.signal, (signal) => cachedCall({ key, make, signal }));
      } catch (error) {
        call.signal.throwIfAborted();
        if (error instanceof TimeUp) throw new AppError('provider_timeout', { cause: error });
        const isOthers = error instanceof QuotaGone && !isOwn;
        const wasTooShort = AppError.is(error) && error.code === 'provider_timeout' && !isOwn;
        if (!(wasTooShort || isOthers) || call.deadlineAt - clock.now() < graceMs) throw error;
      }
    }
  };
}
