import { describe, expect, test } from '@jest/globals';
import type { ProviderManifest } from '@universal-api/providers-spec';
import { answers, ask, counted, fails, tiny, tinyLocal, tinyRouter, type Behaviour } from '../test/tiny-providers.ts';

/** A behaviour that waits until it is let go. */
function held() {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const behave = counted(() => promise.then(() => 'held'));
  return { behave, letGo: () => resolve(undefined) };
}

describe('the same question at the same time', () => {
  test('is asked once, and all get the answer', async () => {
    const { behave, letGo } = held();
    const { router, clock } = tinyRouter([tiny('a', behave)]);
    const callers = [1, 2, 3].map(() => router.route(ask(clock.time)));
    letGo();
    const all = await Promise.all(callers);
    expect(all.map(({ answer }) => answer)).toEqual(['held', 'held', 'held']);
    expect(all.every(({ meta }) => !meta.cached && meta.attempts.length === 1)).toBe(true);
    expect(behave.calls).toBe(1);
  });

  test('goes on for the others when one leaves', async () => {
    const { behave, letGo } = held();
    const { router, clock } = tinyRouter([tiny('a', behave)]);
    const leaver = new AbortController();
    const left = router.route(ask(clock.time, { signal: leaver.signal }));
    const stays = router.route(ask(clock.time));
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    letGo();
    expect((await stays).answer).toBe('held');
  });

  test('in another language, or with other candidates, is another question', async () => {
    const behave = counted(answers('a'));
    const { router, clock } = tinyRouter([tiny('a', behave), tiny('b', behave)]);
    await router.route(ask(clock.time));
    await router.route(ask(clock.time, { language: 'fr' }));
    await router.route(ask(clock.time, { wishes: { only: ['a'], order: [], ignore: [] } }));
    expect(behave.calls).toBe(3);
  });
});

describe('an answer is fresh', () => {
  async function freshFor(behave: Behaviour, manifest: Partial<ProviderManifest> = {}, question = {}) {
    const { router, clock } = tinyRouter([tiny('a', behave, manifest)]);
    const { meta } = await router.route(ask<unknown>(clock.time, question));
    return meta.freshUntil - clock.time;
  }

  test('as long as its class says, and then is asked anew', async () => {
    const behave = counted(answers('a'));
    const { router, clock } = tinyRouter([tiny('a', behave)]);
    await router.route(ask(clock.time));
    clock.time += 3_599_999;
    const kept = await router.route(ask(clock.time));
    expect(kept.meta).toMatchObject({ cached: true, attempts: [], asOf: clock.time - 3_599_999, costNanoUsd: 0n });
    clock.time += 1;
    expect((await router.route(ask(clock.time))).meta.cached).toBe(false);
    expect(behave.calls).toBe(2);
  });

  test('never, in class none', async () => {
    const behave = counted(answers('a'));
    const { router, clock } = tinyRouter([tinyLocal('a', behave)]);
    await router.route(ask(clock.time, { cacheClass: 'none' }));
    await router.route(ask(clock.time, { cacheClass: 'none' }));
    expect(behave.calls).toBe(2);
  });

  test('a minute when it is empty', async () => {
    expect(await freshFor(answers([]), {}, { nothing: [] })).toBe(60_000);
  });

  test('not at all, or less, where the manifest says so', async () => {
    expect(await freshFor(answers('a'), { mayBeStored: false })).toBe(0);
    expect(await freshFor(answers('a'), { maxStoreS: 120 })).toBe(120_000);
  });

  test('until the upstream says, where that is honoured', async () => {
    const expiring: Behaviour = (_question, context) => {
      context.expiresAt(1_800_000_000_000 + 5000);
      return Promise.resolve('a');
    };
    expect(await freshFor(expiring, { honoursExpiry: true })).toBe(5000);
    expect(await freshFor(expiring)).toBe(3_600_000);
  });

  test('half a minute when a candidate before it was down, but in full when that one just did not know', async () => {
    const after = async (first: Behaviour) => {
      const { router, clock } = tinyRouter([tiny('a', first), tinyLocal('b', answers('b'))]);
      return (await router.route(ask(clock.time))).meta.freshUntil - clock.time;
    };
    expect(await after(fails('retry_elsewhere'))).toBe(30_000);
    expect(await after(fails('not_found'))).toBe(3_600_000);
  });
});

describe('an error', () => {
  test('is never kept; not found is, for a minute', async () => {
    const down = counted(fails('malformed'));
    const { router, clock } = tinyRouter([tiny('a', down)]);
    await expect(router.route(ask(clock.time))).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(router.route(ask(clock.time))).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(down.calls).toBe(2);

    const unknown = counted(fails('not_found'));
    const second = tinyRouter([tiny('a', unknown)]);
    const again = () => second.router.route(ask(second.clock.time));
    await expect(again()).rejects.toMatchObject({ code: 'not_found' });
    await expect(again()).rejects.toMatchObject({ code: 'not_found' });
    expect(unknown.calls).toBe(1);
    second.clock.time += 60_000;
    await expect(again()).rejects.toMatchObject({ code: 'not_found' });
    expect(unknown.calls).toBe(2);
  });
});
