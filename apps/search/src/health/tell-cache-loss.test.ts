import { describe, expect, test } from '@jest/globals';
import type { RedisCacheState } from '@universal-api/cache';
import { defaultTenantId } from '@universal-api/ids';
import { startSearch } from '../../test/search-harness.ts';
import { tellCacheLoss } from './tell-cache-loss.ts';

describe('an answer while the shared cache is away', () => {
  test('says so, and no longer once it is back', async () => {
    const search = startSearch({}, 'none');
    let state: RedisCacheState = 'out_of_reach';
    const router = tellCacheLoss(search.router, () => state);
    const ask = () =>
      router.route({
        operation: 'knowledge.define',
        question: { word: 'serendipity' },
        key: ['serendipity'],
        language: 'en',
        cacheClass: 'month',
        signal: new AbortController().signal,
        deadlineAt: Date.now() + 5_000,
        origin: { tenantId: defaultTenantId, callId: 'call', isTest: false, plan: 'free' },
      });
    const lossOf = async () => (await ask()).meta.degraded;
    expect(await lossOf()).toEqual([{ code: 'cache', detail: 'out_of_reach', from: 'redis', to: '' }]);
    state = 'writes_stopped';
    expect(await lossOf()).toMatchObject([{ code: 'cache', detail: 'writes_stopped' }]);
    state = 'ok';
    expect(await lossOf()).toEqual([]);
    await search.close();
  });
});
