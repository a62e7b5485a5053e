import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import fc from 'fast-check';
import {
  answers,
  ask,
  counted,
  fails,
  operation,
  tiny,
  tinyLocal,
  tinyRouter,
  type Behaviour,
} from '../test/tiny-providers.ts';
import type { AttemptRecord } from './route-question.ts';

const noWishes = { only: [], order: [], ignore: [] };

async function refusal(routed: Promise<unknown>): Promise<AppError> {
  const error: unknown = await routed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!AppError.is(error)) throw new Error('it did not fail as an AppError');
  return error;
}

describe('an answer', () => {
  test('is the first candidate’s, and says where it comes from', async () => {
    const { router, clock } = tinyRouter([tiny('a', answers('from a')), tiny('b', answers('from b'))]);
    const { answer, meta } = await router.route(ask(clock.time));
    expect(answer).toBe('from a');
    expect(meta).toEqual({
      provider: 'a',
      attempts: [{ provider: 'a', outcome: 'ok', ms: expect.any(Number), code: '' }],
      cached: false,
      asOf: clock.time,
      degraded: [],
      licence: 'licence of a',
      attribution: 'by a',
      costNanoUsd: 0n,
      freshUntil: clock.time + 3_600_000,
    });
  });

  test.each([
    'retry_elsewhere',
    'quota_exhausted',
    'auth',
    'content_blocked',
    'malformed',
    'not_found',
    'empty',
  ] as const)('comes from the next candidate after %s', async (failure) => {
    const { router, clock } = tinyRouter([tiny('a', fails(failure)), tinyLocal('b', answers('from b'))]);
    const { answer, meta } = await router.route(ask(clock.time));
    expect(answer).toBe('from b');
    expect(meta.attempts.map(({ provider, outcome, code }) => [provider, outcome, code])).toEqual([
      ['a', 'failed', failure],
      ['b', 'ok', ''],
    ]);
  });

  test('comes from a second try at the same provider after retry_here, and from the next after two', async () => {
    let calls = 0;
    const once: Behaviour = (question, context) => {
      calls += 1;
      return calls === 1 ? fails('retry_here')(question, context) : Promise.resolve('second try');
    };
    const first = tinyRouter([tiny('a', once), tinyLocal('b', answers('from b'))]);
    expect((await first.router.route(ask(first.clock.time))).answer).toBe('second try');

    const never = counted(fails('retry_here'));
    const second = tinyRouter([tiny('a', never), tinyLocal('b', answers('from b'))]);
    expect((await second.router.route(ask(second.clock.time))).answer).toBe('from b');
    expect(never.calls).toBe(2);
  });

  test('says what is less than was asked', async () => {
    const lossy: Behaviour = (_question, { degrade }) => {
      degrade('days_truncated', '3', '7', '3');
      return Promise.resolve('short');
    };
    const { router, clock } = tinyRouter([tiny('a', lossy)]);
    const { meta } = await router.route(ask(clock.time));
    expect(meta.degraded).toEqual([{ code: 'days_truncated', detail: '3', from: '7', to: '3' }]);
    expect(meta.freshUntil).toBe(clock.time + 30_000);
  });

  test('carries the costs of all attempts', async () => {
    const paid = { costNanoUsd: 5n };
    const { router, clock } = tinyRouter([tiny('a', fails('malformed'), paid), tiny('b', answers('b'), paid)]);
    expect((await router.route(ask(clock.time))).meta.costNanoUsd).toBe(10n);
  });
});

describe('a fault of the question', () => {
  test('ends the chain at once and names the fields', async () => {
    const next = counted(answers('from b'));
    const fieldErrors = [{ field: 'timezone', rule: 'must be an IANA zone' }];
    const { router, clock } = tinyRouter([tiny('a', fails('caller_error', { fieldErrors })), tiny('b', next)]);
    const error = await refusal(router.route(ask(clock.time)));
    expect(error.code).toBe('invalid_request');
    expect(error.details.errors).toEqual(fieldErrors);
    expect(next.calls).toBe(0);
  });
});

describe('nothing found', () => {
  test('is not_found for one thing, and the empty answer for a search', async () => {
    const { router, clock } = tinyRouter([tiny('a', fails('not_found')), tinyLocal('b', fails('empty'))]);
    expect((await refusal(router.route(ask(clock.time)))).code).toBe('not_found');
    const { answer, meta } = await router.route(ask<string[]>(clock.time, { nothing: [], key: ['search'] }));
    expect(answer).toEqual([]);
    expect(meta.provider).toBe('b');
  });

  test('by one does not keep another from answering', async () => {
    const { router, clock } = tinyRouter([tiny('a', answers([])), tiny('b', answers(['found']))]);
    expect((await router.route(ask<string[]>(clock.time, { nothing: [] }))).answer).toEqual(['found']);
  });

  test('by the best is what is said, though weaker ones were down', async () => {
    const { router, clock } = tinyRouter([tiny('a', fails('empty')), tiny('b', fails('retry_elsewhere'))]);
    const { answer, meta } = await router.route(ask<string[]>(clock.time, { nothing: [] }));
    expect(answer).toEqual([]);
    expect(meta.attempts.map(({ code }) => code)).toEqual(['empty', 'retry_elsewhere']);
    expect(meta.degraded).toEqual([]);
  });

  const far = tiny('far', answers(['found']), {}, { hostNames: () => ['api.example.org'] });
  const offline = { state: () => 'offline' as const, lookUp: () => undefined };

  test('by a weaker one while better ones were down is told by a search as a weaker basis', async () => {
    const failing = tiny('a', fails('retry_elsewhere'));
    const { router, clock } = tinyRouter([far, failing, tiny('b', answers([]))], { network: offline });
    const { answer, meta } = await router.route(ask<string[]>(clock.time, { nothing: [] }));
    expect(answer).toEqual([]);
    expect(meta.degraded).toEqual([{ code: 'weaker_basis', detail: 'far,a', from: 'far', to: 'b' }]);
    expect(meta.freshUntil).toBe(clock.time + 30_000);
  });

  test.each(['not_found', 'empty'] as const)(
    'as %s by a weaker one while a better one was down is no not_found',
    async (failure) => {
      const failed = tinyRouter([tiny('a', fails('retry_elsewhere')), tinyLocal('b', fails(failure))]);
      const error = await refusal(failed.router.route(ask(failed.clock.time)));
      expect(error.code).toBe('provider_unavailable');
      expect(error.details.candidates).toEqual([
        { provider: 'a', reason: 'retry_elsewhere' },
        { provider: 'b', reason: failure },
      ]);
      const passed = tinyRouter([far, tinyLocal('b', fails(failure))], { network: offline });
      const passedOver = await refusal(passed.router.route(ask(passed.clock.time)));
      expect(passedOver.code).toBe('provider_unavailable');
    },
  );

  test('counts where a better one is left out by configuration or a wish, or was not allowed to say', async () => {
    const off = tiny('off', answers('off'), {}, { leftOut: { provider: 'off', reason: 'disabled' } });
    const blocked = tiny('blocked', fails('content_blocked'));
    const providers = [off, tiny('ignored', answers('x')), blocked, tinyLocal('b', fails('not_found'))];
    const { router, clock } = tinyRouter(providers);
    const wishes = { ...noWishes, ignore: ['ignored'] };
    expect((await refusal(router.route(ask(clock.time, { wishes })))).code).toBe('not_found');
    const { meta } = await router.route(ask<string[]>(clock.time, { wishes, nothing: [], key: ['search'] }));
    expect(meta.degraded).toEqual([]);
  });
});

describe('an answer in place of a better one’s', () => {
  test('is a weaker basis from a local provider, and none from a remote one', async () => {
    const down = tiny('a', fails('retry_elsewhere'));
    const local = tinyRouter([down, tinyLocal('b', answers('b'))]);
    expect((await local.router.route(ask(local.clock.time))).meta.degraded).toEqual([
      { code: 'weaker_basis', detail: 'a', from: 'a', to: 'b' },
    ]);
    const remote = tinyRouter([down, tiny('b', answers('b'))]);
    expect((await remote.router.route(ask(remote.clock.time))).meta.degraded).toEqual([]);
  });
});

describe('the log', () => {
  test('warns of failures, and has a word at debug for a fault of the question, without its stack', async () => {
    const said: [string, string, boolean][] = [];
    const noteAs = (level: string) => (_message: string, fields?: Record<string, unknown>) =>
      void said.push([level, String(fields?.['code']), fields !== undefined && 'err' in fields]);
    const log = { debug: noteAs('debug'), warn: noteAs('warn'), error: noteAs('error') };
    for (const failure of ['not_found', 'empty', 'content_blocked', 'caller_error', 'retry_elsewhere'] as const) {
      const { router, clock } = tinyRouter([tiny('a', fails(failure))], { log });
      await refusal(router.route(ask(clock.time)));
    }
    expect(said).toEqual([
      ['debug', 'not_found', false],
      ['debug', 'empty', false],
      ['debug', 'content_blocked', false],
      ['debug', 'caller_error', false],
      ['warn', 'retry_elsewhere', true],
    ]);
  });
});

describe('nobody', () => {
  test('asked at all: every candidate has its reason', async () => {
    const { router, clock } = tinyRouter([
      tiny('a', answers('a'), {}, { leftOut: { provider: 'a', reason: 'no_credential', variable: 'A_KEY' } }),
      tiny('b', answers('b'), {}, { usesKey: true }),
    ]);
    const error = await refusal(router.route(ask(clock.time, { keylessOnly: true })));
    expect(error.code).toBe('no_provider_available');
    expect(error.details.candidates).toEqual([
      { provider: 'a', reason: 'no_credential', variable: 'A_KEY' },
      { provider: 'b', reason: 'keyless_only' },
    ]);
  });

  test('knows the operation: said as well', async () => {
    const { router, clock } = tinyRouter([]);
    expect((await refusal(router.route(ask(clock.time)))).code).toBe('no_provider_available');
  });

  test('can be reached without a network, except what needs no look-up', async () => {
    const network = { state: () => 'offline' as const, lookUp: () => undefined };
    const far = tiny('far', counted(answers('far')), {}, { hostNames: () => ['api.example.org'] });
    const near = tiny('near', answers('near'));
    const alone = tinyRouter([far], { network });
    const error = await refusal(alone.router.route(ask(alone.clock.time)));
    expect(error.code).toBe('provider_unavailable');
    expect(error.details).toMatchObject({ candidates: [{ provider: 'far', reason: 'offline' }], retryAfterS: 10 });

    const both = tinyRouter([far, near], { network });
    const { answer, meta } = await both.router.route(ask(both.clock.time));
    expect(answer).toBe('near');
    expect(meta.attempts[0]).toEqual({ provider: 'far', outcome: 'skipped', ms: 0, code: 'offline' });
  });

  test('is waited for when names cannot be looked up', async () => {
    let state: 'online' | 'offline' = 'online';
    const network = {
      state: () => state,
      lookUp: () => {
        state = 'offline';
        return Promise.resolve();
      },
    };
    const far = counted(answers('far'));
    const { router, clock } = tinyRouter([tiny('far', far, {}, { hostNames: () => ['api.example.org'] })], { network });
    expect((await refusal(router.route(ask(clock.time)))).code).toBe('provider_unavailable');
    expect(far.calls).toBe(0);
  });

  test('is to blame when our own code fails: the next answers, and it is no provider failure in the log', async () => {
    const said: string[] = [];
    const log = { debug: () => {}, warn: () => {}, error: (message: string) => void said.push(message) };
    const broken: Behaviour = () => Promise.reject(new TypeError('undefined is not a function'));
    const { router, clock } = tinyRouter([tiny('a', broken), tiny('b', answers('b'))], { log });
    expect((await router.route(ask(clock.time))).meta.attempts[0]?.code).toBe('malformed');
    expect(said).toHaveLength(1);
  });
});

describe('a breaker', () => {
  test('that is open passes its candidate over until its time, without a call', async () => {
    const down = counted(fails('retry_elsewhere'));
    const { router, clock } = tinyRouter([tiny('a', down), tinyLocal('b', answers('b'))]);
    const next = async (key: number) => (await router.route(ask(clock.time, { key: [key] }))).meta.attempts[0];
    for (let call = 0; call < 5; call += 1) expect(await next(call)).toMatchObject({ outcome: 'failed' });
    expect(await next(5)).toEqual({ provider: 'a', outcome: 'skipped', ms: 0, code: 'breaker_open' });
    expect(down.calls).toBe(5);
    clock.time += 5001;
    expect(await next(6)).toMatchObject({ outcome: 'failed' });
    expect(down.calls).toBe(6);
  });

  test('of one operation says nothing about another', async () => {
    const operations = { [operation]: {}, 'tests.other': {} };
    const { router, clock } = tinyRouter([tiny('a', fails('malformed'), { operations })]);
    for (let call = 0; call < 6; call += 1) await refusal(router.route(ask(clock.time)));
    expect((await refusal(router.route(ask(clock.time)))).code).toBe('provider_unavailable');
    const other = await refusal(router.route(ask(clock.time, { operation: 'tests.other' })));
    expect(other.details.candidates).toEqual([{ provider: 'a', reason: 'malformed', variable: undefined }]);
  });

  test.each(['not_found', 'empty', 'content_blocked', 'caller_error'] as const)(
    'is not touched by %s',
    async (failure) => {
      const behave = counted(fails(failure));
      const { router, clock } = tinyRouter([tiny('a', behave)]);
      for (let call = 0; call < 30; call += 1) await refusal(router.route(ask(clock.time, { key: [call] })));
      expect(behave.calls).toBe(30);
    },
  );
});

describe('an allowance', () => {
  const quotas = [{ unit: 'calls', limit: 2, windowS: 60, window: 'sliding', countedBy: 'process' }] as const;

  test('that is used up passes the candidate over until it is back', async () => {
    const { router, clock } = tinyRouter([tiny('a', answers('a'), { quotas }), tinyLocal('b', answers('b'))]);
    const next = async (key: number) => (await router.route(ask(clock.time, { key: [key] }))).meta;
    expect((await next(1)).provider).toBe('a');
    expect((await next(2)).provider).toBe('a');
    expect((await next(3)).attempts[0]).toEqual({ provider: 'a', outcome: 'skipped', ms: 0, code: 'quota' });
    clock.time += 61_000;
    expect((await next(4)).provider).toBe('a');
  });

  test('that the provider says is spent is waited for, and opens no breaker', async () => {
    const time = { now: 0 };
    const spent: Behaviour = (question, context) =>
      fails('quota_exhausted', { until: new Date(time.now + 100_000) })(question, context);
    const behave = counted(spent);
    const { router, clock } = tinyRouter([tiny('a', behave)]);
    time.now = clock.time;
    for (let call = 0; call < 10; call += 1) {
      const error = await refusal(router.route(ask(clock.time, { key: [call] })));
      expect(error.code).toBe('no_provider_available');
      expect(error.details).toMatchObject({ retryAfterS: 100, next: { action: 'wait' } });
    }
    expect(behave.calls).toBe(1);
    clock.time += 100_000;
    await refusal(router.route(ask(clock.time)));
    expect(behave.calls).toBe(2);
  });

  test('of the whole installation keeps a call back when it is out of reach or far away', async () => {
    const perSecond = [{ unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' }] as const;
    const behave = counted(answers('a'));
    const providers = [tiny('a', behave, { quotas: perSecond }), tinyLocal('b', answers('b'))];
    const away = { reserve: () => Promise.reject(new AppError('service_unavailable')) };
    const lost = tinyRouter(providers, { callSlots: away });
    expect((await lost.router.route(ask(lost.clock.time))).meta.attempts[0]?.code).toBe('slots_unavailable');
    const busy = tinyRouter(providers, { callSlots: { reserve: () => Promise.resolve(undefined) } });
    expect((await busy.router.route(ask(busy.clock.time))).meta.attempts[0]?.code).toBe('quota');
    expect(behave.calls).toBe(0);
  });

  test('does not count a call that was never made', async () => {
    let hasSlot = false;
    const callSlots = { reserve: () => Promise.resolve(hasSlot ? 0 : undefined) };
    const perSecond = { unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' } as const;
    const once = [{ ...quotas[0], limit: 1 }, perSecond];
    const { router, clock } = tinyRouter([tiny('a', answers('a'), { quotas: once })], { callSlots });
    expect((await refusal(router.route(ask(clock.time)))).code).toBe('no_provider_available');
    hasSlot = true;
    expect((await router.route(ask(clock.time))).answer).toBe('a');
  });
});

describe('wishes', () => {
  test('for an unknown provider are refused, each named', async () => {
    const { router, clock } = tinyRouter([tiny('a', answers('a'))]);
    const wishes = { only: ['a', 'x'], order: ['y'], ignore: [] };
    const error = await refusal(router.route(ask(clock.time, { wishes })));
    expect(error.code).toBe('invalid_request');
    expect(error.details.errors?.map(({ field }) => field)).toEqual(['routing.only[1]', 'routing.order[0]']);
  });

  test('decide who is asked, in which order, and what is shared in the cache', async () => {
    const { router, clock } = tinyRouter([tiny('a', answers('a')), tiny('b', answers('b'))]);
    const wish = (wishes: object) => router.route(ask(clock.time, { wishes: { ...noWishes, ...wishes } }));
    expect((await wish({})).answer).toBe('a');
    expect((await wish({ order: ['b'] })).answer).toBe('b');
    expect((await wish({ ignore: ['a'] })).answer).toBe('b');
    expect((await wish({ only: ['b'] })).meta).toMatchObject({ provider: 'b', cached: true });
  });

  test('are kept: no answer from an ignored one, and attempts are the head of the order', async () => {
    const ids = ['a', 'b', 'c', 'd'] as const;
    const someIds = fc.array(fc.constantFrom(...ids), { maxLength: 4 });
    const outcomes = fc.constantFrom<Behaviour>(
      answers('yes'),
      fails('retry_elsewhere'),
      fails('empty'),
      fails('auth'),
      fails('quota_exhausted'),
    );
    const behaviours = fc.tuple(outcomes, outcomes, outcomes, outcomes);
    const wishes = fc.record({ only: someIds, order: someIds, ignore: someIds });
    await fc.assert(
      fc.asyncProperty(behaviours, wishes, async (behave, wished) => {
        const made: AttemptRecord[] = [];
        const { router, clock } = tinyRouter(
          ids.map((id, index) => tiny(id, behave[index] ?? answers('yes'))),
          { onAttempt: (_operation, attempt) => void made.push(attempt) },
        );
        const mayAnswer = ids.filter(
          (id) => !wished.ignore.includes(id) && (wished.only.length === 0 || wished.only.includes(id)),
        );
        const first = [...new Set(wished.order)].filter((id) => mayAnswer.includes(id));
        const order = [...first, ...mayAnswer.filter((id) => !first.includes(id))];
        const routed = router.route(ask(clock.time, { wishes: wished }));
        const attempts = await routed.then(
          ({ meta }) => {
            expect(mayAnswer).toContain(meta.provider);
            expect(meta.provider).toBe(meta.attempts.at(-1)?.provider);
            return meta.attempts;
          },
          (error: AppError) => {
            if (error.code === 'not_found') return made;
            expect(error.details.candidates?.map(({ provider }) => provider).sort()).toEqual([...ids]);
            for (const { reason } of error.details.candidates ?? []) expect(reason).not.toBe('');
            return made;
          },
        );
        expect(attempts).toEqual(made);
        expect(attempts.map(({ provider }) => provider)).toEqual(order.slice(0, attempts.length));
      }),
      { numRuns: 200 },
    );
  });
});
