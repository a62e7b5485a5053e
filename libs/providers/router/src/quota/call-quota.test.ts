import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import {
  answers,
  ask,
  counted,
  fails,
  tiny,
  tinyLocal,
  tinyRouter,
  type Behaviour,
} from '../../test/tiny-providers.ts';
import type { CallQuota, NoQuota } from './call-quota.ts';

const originOf = (tenantId: string) => ({ callId: `call of ${tenantId}`, tenantId, isTest: false, plan: 'free' });
const poor = originOf('poor');
const rich = originOf('rich');

/** Tenant `poor` has nothing left for ten minutes; the others have. */
function createQuota(now: number, reason: NoQuota['reason'] = 'quota') {
  const ended: boolean[] = [];
  let held = 0;
  const quota: CallQuota = {
    hold({ tenantId }) {
      if (tenantId === 'poor') return { isHeld: false, reason, availableAt: now + 600_000 };
      held += 1;
      return Promise.resolve({ isHeld: true, end: (isAnswered) => void ended.push(isAnswered) });
    },
  };
  return { quota, ended, held: () => held };
}

function route(...providers: Parameters<typeof tinyRouter>[0]) {
  const now = 1_800_000_000_000;
  const counting = createQuota(now);
  return { ...tinyRouter(providers, { callQuota: counting.quota }), ...counting };
}

describe('a call of a tenant with something left', () => {
  test('counts when a remote provider answers, once for the whole chain', async () => {
    const { router, clock, ended, held } = route(tiny('a', fails('retry_elsewhere')), tiny('b', answers('from b')));
    await router.route(ask(clock.time, { origin: rich }));
    expect([held(), ended]).toEqual([1, [true]]);
  });

  test('does not count when a local provider answers, when nobody does, and from the cache', async () => {
    const local = route(tiny('a', fails('retry_elsewhere')), tinyLocal('b', answers('from b')));
    await local.router.route(ask(local.clock.time, { origin: rich }));
    expect(local.ended).toEqual([false]);
    const nobody = route(tiny('a', fails('auth')));
    await expect(nobody.router.route(ask(nobody.clock.time, { origin: rich }))).rejects.toBeInstanceOf(Error);
    expect(nobody.ended).toEqual([false]);
    const cached = route(tiny('a', answers('from a')));
    for (const _ of [1, 2]) await cached.router.route(ask(cached.clock.time, { origin: rich }));
    expect(cached.held()).toBe(1);
    const first = route(tinyLocal('b', answers('from b')), tiny('a', answers('from a')));
    await first.router.route(ask(first.clock.time, { origin: rich }));
    expect(first.held()).toBe(0);
  });
});

describe('a call of a tenant with nothing left', () => {
  test('is answered by a local provider, which says what is missing, and is not kept for anybody', async () => {
    const remote = counted(answers('from a'));
    const { router, clock } = route(tiny('a', remote), tinyLocal('b', answers('from b')));
    const { answer, meta } = await router.route(ask(clock.time, { origin: poor }));
    expect(answer).toBe('from b');
    expect(meta.attempts.map(({ provider, outcome, code }) => [provider, outcome, code])).toEqual([
      ['a', 'skipped', 'quota'],
      ['b', 'ok', ''],
    ]);
    expect(meta).toMatchObject({ degraded: [{ code: 'weaker_basis', detail: 'a' }], freshUntil: 0, cached: false });
    expect(remote.calls).toBe(0);
    expect((await router.route(ask(clock.time, { origin: rich }))).answer).toBe('from a');
  });

  test('is answered by the cache', async () => {
    const { router, clock } = route(tiny('a', answers('from a')));
    await router.route(ask(clock.time, { origin: rich }));
    const { answer, meta } = await router.route(ask(clock.time, { origin: poor }));
    expect([answer, meta.cached]).toEqual(['from a', true]);
  });

  test('is refused with none left: budget_exceeded until the quota begins again', async () => {
    const { router, clock } = route(tiny('a', answers('from a')), tinyLocal('b', fails('not_found')));
    const error: unknown = await router.route(ask(clock.time, { origin: poor })).catch((thrown: unknown) => thrown);
    if (!AppError.is(error)) throw new Error('it was answered');
    expect(error.code).toBe('budget_exceeded');
    expect(error.details.retryAfterS).toBe(600);
    expect(error.details.candidates).toContainEqual({ provider: 'a', reason: 'quota' });
  });

  test('does not end the call of another tenant that asks the same at the same time', async () => {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const quota: CallQuota = {
      hold: ({ tenantId }) =>
        tenantId === 'poor'
          ? gate.then((): NoQuota => ({ isHeld: false, reason: 'quota' }))
          : { isHeld: true, end: () => {} },
    };
    const remote: Behaviour = answers('from a');
    const { router, clock } = tinyRouter([tiny('a', remote), tinyLocal('b', answers('from b'))], { callQuota: quota });
    const both = [poor, rich].map((origin) => router.route(ask(clock.time, { origin })));
    release();
    expect((await Promise.all(both)).map(({ answer }) => answer)).toEqual(['from b', 'from a']);
  });

  test('is not said to be used up when the ledger is out of reach', async () => {
    const { quota } = createQuota(1_800_000_000_000, 'slots_unavailable');
    const { router, clock } = tinyRouter([tiny('a', answers('from a'))], { callQuota: quota });
    await expect(router.route(ask(clock.time, { origin: poor }))).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });
});
