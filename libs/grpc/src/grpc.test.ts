import { afterEach, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import type { Principal } from '@universal-api/principal';
import { create, pathOf, productContract, type ServiceHandlers } from '@universal-api/protos';
import { GetTimeRequestSchema, TimeService } from '@universal-api/protos/gen/uapi/search/v1/time_pb';
import {
  createGrpcChannel,
  createGrpcServer,
  watchHealth,
  type CallContext,
  type GrpcChannel,
  type GrpcServer,
} from './index.ts';

const contract = productContract();
const principal = { typ: 'key', tid: 't', scp: ['data:read'] } as unknown as Principal;
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Handlers = ServiceHandlers<typeof TimeService, CallContext>;

async function serve(
  getTime: Handlers['getTime'],
  who: Principal = principal,
): Promise<{ server: GrpcServer; channel: GrpcChannel; target: string }> {
  const unused = async () => ({});
  const server = createGrpcServer({
    contract,
    services: {
      [TimeService.typeName]: { getTime, convertTime: unused, listTimeZones: unused, getTimeZoneAt: unused },
    },
    identify: () => who,
    newId: () => 'new-id',
  });
  const target = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  const channel = createGrpcChannel(contract, target);
  ends.push(
    () => server.stop(100),
    () => channel.close(),
  );
  return { server, channel, target };
}

const ask = (
  channel: GrpcChannel,
  options: { deadlineAt?: number; signal?: AbortSignal; metadata?: Record<string, string> } = {},
) =>
  channel.unary(TimeService.method.getTime, create(GetTimeRequestSchema, { timezone: 'UTC' }), {
    deadlineAt: Date.now() + 5_000,
    metadata: {},
    ...options,
  });

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!AppError.is(error)) throw new Error('an AppError was expected');
  return error;
};

describe('ok', () => {
  test('message, metadata and deadline arrive; response metadata comes back', async () => {
    const deadlineAt = Date.now() + 3_000;
    let seen: CallContext | undefined;
    const { channel } = await serve(async (request, context) => {
      seen = context;
      context.setHeader('etag', 'W/"1"');
      return { timezone: request.timezone, utcOffsetS: 0 };
    });
    const answer = await ask(channel, {
      deadlineAt,
      metadata: { 'x-request-id': 'req-12345', 'x-uapi-call-id': 'call', traceparent: 'tp' },
    });
    expect(answer.message).toMatchObject({ timezone: 'UTC' });
    expect(answer.headers.etag).toBe('W/"1"');
    expect(seen).toMatchObject({ requestId: 'req-12345', callId: 'call', traceparent: 'tp', depth: 1 });
    expect(Math.abs((seen?.deadlineAt ?? 0) - deadlineAt)).toBeLessThan(1_000);
  });

  test('health follows the server, also over its end', async () => {
    const { server, target } = await serve(async () => ({}));
    const states: string[] = [];
    let wake = () => {};
    ends.push(
      watchHealth(target, (state) => {
        states.push(state);
        wake();
      }),
    );
    const until = async (state: string) => {
      while (states.at(-1) !== state) await new Promise<void>((resolve) => (wake = resolve));
    };
    await until('serving');
    server.setServing(false);
    await until('not_serving');
    await server.stop(0);
    await until('unreachable');
    expect(states.slice(0, 2)).toEqual(['unreachable', 'serving']);
  });
});

describe('a stop', () => {
  test('does not wait for a peer that watches its health, but for calls under way', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const { server, channel, target } = await serve(async () => {
      arrive();
      await held;
      return { timezone: 'UTC' };
    });
    ends.push(watchHealth(target, () => {}));
    const answer = ask(channel, { deadlineAt: Date.now() + 30_000 });
    await arrived;
    let isStopped = false;
    const stopped = server.stop(60_000).then(() => (isStopped = true));
    expect(isStopped).toBe(false);
    letGo();
    expect((await answer).message).toMatchObject({ timezone: 'UTC' });
    // Far below the 60 s that it would wait for the watch; the test's own time is the bound.
    await stopped;
  });
});

describe('bad input', () => {
  test('the service checks the message itself', async () => {
    const { channel } = await serve(async () => ({}));
    const request = create(GetTimeRequestSchema, { timezone: 'UTC', place: 'Lyon' });
    const error = await failure(
      channel.unary(TimeService.method.getTime, request, { deadlineAt: Date.now() + 5_000, metadata: {} }),
    );
    expect(error.code).toBe('invalid_request');
    expect(error.details.errors).toEqual([{ field: 'place', rule: expect.stringContaining('only one of') }]);
  });

  test('a call that went through more than three services is a loop', async () => {
    const { channel } = await serve(async () => ({}));
    expect((await failure(ask(channel, { metadata: { 'x-uapi-depth': '4' } }))).code).toBe('internal');
  });
});

describe('not allowed', () => {
  test('a principal without the scope is refused by the service too', async () => {
    const { channel } = await serve(async () => ({}), { ...principal, scp: ['video:read'] });
    expect((await failure(ask(channel))).code).toBe('permission_denied');
  });
});

describe('failures', () => {
  test('a problem crosses whole, and internal text does not cross', async () => {
    const { channel } = await serve(async () => {
      throw new AppError('no_provider_available', {
        internal: 'hush',
        candidates: [{ provider: 'weatherapi', reason: 'no key', variable: 'WEATHERAPI_KEY' }],
        retryAfterS: 7,
      });
    });
    const error = await failure(ask(channel));
    expect(error.code).toBe('no_provider_available');
    expect(error.details).toMatchObject({
      retryAfterS: 7,
      candidates: [{ provider: 'weatherapi', reason: 'no key', variable: 'WEATHERAPI_KEY' }],
    });
    expect(JSON.stringify(error.details) + error.message).not.toContain('hush');
  });

  test('the headers of a failure cross if the closed list has them, and where it is explained', async () => {
    const headers = { 'ratelimit-policy': '"totp";q=5;w=900', ratelimit: '"totp";r=0;t=9', 'x-inside': 'hush' };
    const { channel } = await serve(async () => {
      throw new AppError('quota_exceeded', { headers, explain: '/why' });
    });
    const error = await failure(ask(channel));
    expect(error.headers).toEqual({ 'ratelimit-policy': '"totp";q=5;w=900', ratelimit: '"totp";r=0;t=9' });
    expect(error.details.explain).toBe('/why');
    expect(JSON.stringify(error.details)).not.toContain('ratelimit');
  });

  test('a 200 KiB problem arrives as 6 KiB, and the next call is served', async () => {
    let calls = 0;
    const { channel } = await serve(async () => {
      if (calls++ > 0) return { timezone: 'UTC' };
      throw new AppError('invalid_request', {
        errors: Array.from({ length: 2_000 }, (_, index) => ({ field: `field_${index}`, rule: 'x'.repeat(80) })),
      });
    });
    const error = await failure(ask(channel));
    expect(error.code).toBe('invalid_request');
    expect(JSON.stringify(error.details).length).toBeLessThan(6 * 1024);
    expect(error.details.truncated).toBe(true);
    expect((await ask(channel)).message).toMatchObject({ timezone: 'UTC' });
  });

  test('what a handler throws unawares is internal, without its text', async () => {
    const { channel } = await serve(async () => {
      throw new TypeError('secret text');
    });
    const error = await failure(ask(channel));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('secret text');
  });

  test('a deadline ends the call on both sides', async () => {
    let signal: AbortSignal | undefined;
    let noticed = () => {};
    const aborted = new Promise<void>((resolve) => (noticed = resolve));
    const { channel } = await serve(async (_, context) => {
      signal = context.signal;
      context.signal.addEventListener('abort', () => noticed());
      await aborted;
      return {};
    });
    expect((await failure(ask(channel, { deadlineAt: Date.now() + 100 }))).code).toBe('deadline_exceeded');
    await aborted;
    expect(signal?.aborted).toBe(true);
  });

  test('a caller that leaves aborts the handler', async () => {
    const leaving = new AbortController();
    let noticed = () => {};
    const aborted = new Promise<void>((resolve) => (noticed = resolve));
    const { channel } = await serve(async (_, context) => {
      context.signal.addEventListener('abort', () => noticed());
      leaving.abort();
      await aborted;
      return {};
    });
    expect((await failure(ask(channel, { signal: leaving.signal }))).code).toBe('cancelled');
    await aborted;
  });

  test('nobody listening is service_unavailable', async () => {
    const channel = createGrpcChannel(contract, '127.0.0.1:1');
    ends.push(() => channel.close());
    expect((await failure(ask(channel))).code).toBe('service_unavailable');
  });
});

describe('binding', () => {
  test('a method without a handler, and a handler without a method, are refused at start', () => {
    const make = (handlers: Record<string, () => Promise<object>>) => () =>
      createGrpcServer({
        contract,
        services: { [TimeService.typeName]: handlers },
        identify: () => principal,
        newId: () => 'x',
      });
    const unused = async () => ({});
    expect(make({ getTime: unused })).toThrow('ConvertTime');
    const all = { getTime: unused, convertTime: unused, listTimeZones: unused, getTimeZoneAt: unused };
    expect(make({ ...all, tellTime: unused })).toThrow('tellTime');
    expect(pathOf(TimeService.method.getTime)).toBe('/uapi.search.v1.TimeService/GetTime');
  });
});
