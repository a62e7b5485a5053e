import type { RedisCacheState } from '@universal-api/cache';
import type { Router } from '@universal-api/providers-router';

/**
 * The same router, whose answers say that the shared cache is away while it is (capabilities.md 0.2, rule 8): they may have cost
 * a call that would else have been saved.
 */
export function tellCacheLoss(router: Router, state: () => RedisCacheState): Router {
  return {
    ...router,
    async route(question) {
      const routed = await router.route(question);
      const now = state();
      if (now === 'ok') return routed;
      const loss = { code: 'cache', detail: now, from: 'redis', to: '' };
      return { ...routed, meta: { ...routed.meta, degraded: [...routed.meta.degraded, loss] } };
    },
  };
}
