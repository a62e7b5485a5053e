import { expect, jest, test } from '@jest/globals';
import { createOutageBreaker, type OutageBreakerOptions } from './create-outage-breaker.ts';
import { RedisFailure } from './redis-failure.ts';

function setUp(options: Partial<OutageBreakerOptions> = {}) {
  jest.useFakeTimers();
  const seen: string[] = [];
  const server = { isUp: false };
  const breaker = createOutageBreaker({
    redis: { reset: () => seen.push('reset') },
    probe: async () => {
      seen.push('probe');
      if (!server.isUp) throw new RedisFailure('timeout', 'silent');
    },
    onState: (isOpen) => seen.push(isOpen ? 'open' : 'closed'),
    ...options,
  });
  const fail = (reply = 'ERR') =>
    breaker.run(async () => Promise.reject(new RedisFailure('refused', new Error(reply)))).catch(() => undefined);
  return { breaker, seen, server, fail, pass: () => breaker.run(async () => 1) };
}

test('three failures in a row open it and reset the connection; a success between starts the count anew', async () => {
  const { breaker, seen, fail, pass } = setUp();
  for (const end of [fail, fail, pass, fail, fail]) await end();
  expect([breaker.isOpen(), seen]).toEqual([false, []]);
  await fail();
  expect([breaker.isOpen(), seen]).toEqual([true, ['open', 'reset']]);
  await expect(pass()).rejects.toMatchObject({ kind: 'unreachable' });
  breaker.stop();
});

test('it asks once every 5 s, and closes when the server does its work again', async () => {
  const { seen, server, fail, pass } = setUp();
  for (let failure = 0; failure < 3; failure += 1) await fail();
  seen.length = 0;
  await jest.advanceTimersByTimeAsync(4_999);
  expect(seen).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(seen).toEqual(['probe', 'reset']);
  server.isUp = true;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(seen).toEqual(['probe', 'reset', 'probe', 'closed']);
  expect(await pass()).toBe(1);
});

test('a refusal that will last opens it at once, and errors of others are not counted', async () => {
  const { breaker, fail } = setUp({ isFinal: ({ reply }) => reply === 'OOM' });
  const bug = async () => Promise.reject(new TypeError('ours'));
  for (let call = 0; call < 5; call += 1) await expect(breaker.run(bug)).rejects.toThrow('ours');
  expect(breaker.isOpen()).toBe(false);
  await fail('OOM command not allowed');
  expect(breaker.isOpen()).toBe(true);
  breaker.stop();
});
