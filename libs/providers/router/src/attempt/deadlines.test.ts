import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  answers,
  ask,
  counted,
  stalls,
  tiny,
  tinyLocal,
  tinyRouter,
  type Behaviour,
} from '../../test/tiny-providers.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const clock = { now: () => Date.now() };

/** Lets time pass until a call ends; answers how long it took, ms. */
async function timed<T>(routed: Promise<T>): Promise<{ readonly ended: PromiseSettledResult<T>; readonly ms: number }> {
  const begun = Date.now();
  let ended: PromiseSettledResult<T> | undefined;
  let ms = 0;
  void Promise.allSettled([routed]).then(([result]) => {
    ended = result;
    ms = Date.now() - begun;
  });
  while (!ended) await jest.advanceTimersByTimeAsync(10);
  return { ended, ms };
}

describe('a candidate that stalls', () => {
  test('gets half of what remains while another is left, and the last one the rest', async () => {
    const { router } = tinyRouter([tiny('a', stalls), tiny('b', stalls), tiny('c', stalls)], { clock });
    const { ended, ms } = await timed(router.route(ask(Date.now(), { deadlineAt: Date.now() + 2000 })));
    expect(ms).toBe(2000);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'provider_timeout' } });
  });

  test('gets all that remains when nobody who could be asked is left', async () => {
    const quotas = [{ unit: 'calls', limit: 1, windowS: 60, window: 'sliding', countedBy: 'process' }] as const;
    const { router } = tinyRouter([tiny('a', stalls), tiny('b', answers('b'), { quotas })], { clock });
    await router.route(ask(Date.now(), { wishes: { only: ['b'], order: [], ignore: [] } }));
    const { ms } = await timed(router.route(ask(Date.now(), { deadlineAt: Date.now() + 1000 })));
    expect(ms).toBe(1000);
  });

  test('never gets more than its manifest says', async () => {
    const { router } = tinyRouter([tiny('a', stalls, { timeoutMs: 300 }), tinyLocal('b', answers('b'))], { clock });
    const { ended, ms } = await timed(router.route(ask(Date.now())));
    expect(ms).toBe(300);
    expect(ended).toMatchObject({
      status: 'fulfilled',
      value: { answer: 'b', meta: { attempts: [{ provider: 'a', outcome: 'failed', ms: 300, code: 'timeout' }, {}] } },
    });
  });

  test('is left behind even if it does not look at its signal', async () => {
    const deaf: Behaviour = () => new Promise(() => {});
    const { router } = tinyRouter([tiny('a', deaf), tinyLocal('b', answers('b'))], { clock });
    expect((await timed(router.route(ask(Date.now())))).ms).toBe(1500);
  });

  test('opens its breaker, but not when callers gave it no time', async () => {
    const slow = counted(stalls);
    const hasty = tinyRouter([tiny('a', slow)], { clock });
    for (let call = 0; call < 8; call += 1) {
      await timed(hasty.router.route(ask(Date.now(), { deadlineAt: Date.now() + 100, key: [call] })));
    }
    expect(slow.calls).toBe(8);

    const stalled = counted(stalls);
    const patient = tinyRouter([tiny('a', stalled)], { clock });
    for (let call = 0; call < 8; call += 1) await timed(patient.router.route(ask(Date.now(), { key: [call] })));
    expect(stalled.calls).toBeLessThan(8);
  });

  test('is not asked when there is no time left', async () => {
    const slow = counted(stalls);
    const { router } = tinyRouter([tiny('a', slow)], { clock });
    const { ended } = await timed(router.route(ask(Date.now(), { deadlineAt: Date.now() + 10 })));
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'provider_timeout' } });
    expect(slow.calls).toBe(0);
  });
});

describe('callers of one question with different deadlines', () => {
  test('each go by their own', async () => {
    const slowly: Behaviour = (_question, { signal }) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => resolve('late'), 800);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
    const { router } = tinyRouter([tiny('a', slowly)], { clock });
    const hasty = router.route(ask(Date.now(), { deadlineAt: Date.now() + 200 }));
    const patient = router.route(ask(Date.now(), { deadlineAt: Date.now() + 2500 }));
    const [first, second] = await Promise.all([timed(hasty), timed(patient)]);
    expect(first).toMatchObject({ ms: 200, ended: { reason: { code: 'provider_timeout' } } });
    expect(second).toMatchObject({ ended: { value: { answer: 'late' } } });

    const behind = router.route(ask(Date.now(), { key: ['other'] }));
    const hurried = router.route(ask(Date.now(), { key: ['other'], deadlineAt: Date.now() + 300 }));
    const [third, fourth] = await Promise.all([timed(behind), timed(hurried)]);
    expect(third).toMatchObject({ ended: { value: { answer: 'late' } } });
    expect(fourth.ended).toMatchObject({ reason: { code: 'provider_timeout' } });
  });
});

describe('a provider that is full', () => {
  test('keeps 32 calls at once, makes the others wait a quarter of a second, then the next candidate answers', async () => {
    const slow = counted(stalls);
    const { router } = tinyRouter([tiny('a', slow), tinyLocal('b', answers('b'))], { clock });
    const calls = Array.from({ length: 33 }, (_, key) => timed(router.route(ask(Date.now(), { key: [key] }))));
    const all = await Promise.all(calls);
    expect(slow.calls).toBe(32);
    expect(all[32]).toMatchObject({ ms: 250, ended: { value: { meta: { attempts: [{ code: 'overloaded' }, {}] } } } });
  });
});
