import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createBreaker, type BreakerVerdict } from './breaker.ts';
import type { BreakerState } from './breaker-circuit.ts';
import { BreakerOpen } from './breaker-open.ts';

const down = new Error('connection reset');

function setUp() {
  const time = { ms: 1_000 };
  const states: BreakerState[] = [];
  const breaker = createBreaker({ clock: { now: () => time.ms }, onState: (state) => states.push(state) });
  const end = (verdict: BreakerVerdict) =>
    breaker
      .run(
        () => (verdict === 'success' ? Promise.resolve('value') : Promise.reject(down)),
        () => verdict,
      )
      .catch((error: unknown) => error);
  const endTimes = async (verdict: BreakerVerdict, times: number) => {
    for (let call = 0; call < times; call += 1) await end(verdict);
  };
  const hold = () => {
    let settle: { resolve(value: string): void; reject(error: unknown): void } | undefined;
    const started = new Promise<string>((resolve, reject) => (settle = { resolve, reject }));
    const result = breaker.run(
      () => started,
      (outcome) => ('error' in outcome ? 'failure' : 'success'),
    );
    return { result, resolve: () => settle?.resolve('late'), reject: () => settle?.reject(down) };
  };
  return { time, states, breaker, end, endTimes, hold };
}

describe('closed', () => {
  test('value and error of the call come back unchanged', async () => {
    const { end } = setUp();
    expect([await end('success'), await end('failure')]).toEqual(['value', down]);
  });

  test('five failures in a row open it, and the next call is not made', async () => {
    const { breaker, endTimes } = setUp();
    await endTimes('failure', 4);
    expect(breaker.state()).toBe('closed');
    await endTimes('failure', 1);
    expect([breaker.state(), breaker.admits(), breaker.retryAt()]).toEqual(['open', false, 6_000]);
    const call = jest.fn(async () => 'value');
    const refused = breaker.run(call, () => 'success');
    await expect(refused).rejects.toBeInstanceOf(BreakerOpen);
    await expect(refused).rejects.toMatchObject({ code: 'provider_unavailable', details: { retryAfterS: 5 } });
    expect(call).not.toHaveBeenCalled();
  });

  test('neutral outcomes neither count nor end a row of failures', async () => {
    const { breaker, endTimes } = setUp();
    await endTimes('failure', 4);
    await endTimes('neutral', 100);
    expect(breaker.state()).toBe('closed');
    await endTimes('failure', 1);
    expect(breaker.state()).toBe('open');
  });

  test('half of twenty calls within ten seconds open it', async () => {
    const { breaker, end } = setUp();
    for (let pair = 0; pair < 10; pair += 1) {
      expect(breaker.state()).toBe('closed');
      await end('success');
      await end('failure');
    }
    expect(breaker.state()).toBe('open');
  });
});

describe('open', () => {
  test('it is half-open after five seconds, and the pause doubles up to sixty while probes fail', async () => {
    const { breaker, time, endTimes } = setUp();
    await endTimes('failure', 5);
    const pauses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const pause = (breaker.retryAt() ?? Number.NaN) - time.ms;
      time.ms += pause - 1;
      expect(breaker.state()).toBe('open');
      time.ms += 1;
      expect([breaker.state(), breaker.admits()]).toEqual(['half_open', true]);
      await endTimes('failure', 1);
      pauses.push(pause);
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test('calls that began before it opened change nothing when they end, not even after it closed again', async () => {
    const { breaker, time, endTimes, hold } = setUp();
    const early = hold();
    const late = [hold(), hold(), hold(), hold(), hold()];
    await endTimes('failure', 5);
    early.resolve();
    await early.result;
    expect(breaker.state()).toBe('open');
    time.ms += 5_000;
    await endTimes('success', 1);
    for (const call of late) call.reject();
    for (const call of late) await expect(call.result).rejects.toBe(down);
    expect(breaker.state()).toBe('closed');
  });
});

describe('half-open', () => {
  test('while one call probes, others are refused', async () => {
    const { breaker, time, end, endTimes, hold } = setUp();
    await endTimes('failure', 5);
    time.ms += 5_000;
    const probe = hold();
    expect([breaker.state(), breaker.admits()]).toEqual(['half_open', false]);
    expect(await end('success')).toBeInstanceOf(BreakerOpen);
    probe.resolve();
    expect([await probe.result, breaker.state()]).toEqual(['late', 'closed']);
  });

  test('a success closes it and brings the pause back to five seconds', async () => {
    const { breaker, time, endTimes, states } = setUp();
    await endTimes('failure', 5);
    time.ms += 5_000;
    await endTimes('failure', 1);
    time.ms += 10_000;
    await endTimes('success', 1);
    await endTimes('failure', 4);
    expect(breaker.state()).toBe('closed');
    await endTimes('failure', 1);
    expect(breaker.retryAt()).toBe(time.ms + 5_000);
    expect(states).toEqual(['open', 'half_open', 'open', 'half_open', 'closed', 'open']);
  });

  test('a neutral probe leaves it half-open, and the next call probes', async () => {
    const { breaker, time, endTimes } = setUp();
    await endTimes('failure', 5);
    time.ms += 5_000;
    await endTimes('neutral', 3);
    expect([breaker.state(), breaker.admits()]).toEqual(['half_open', true]);
    await endTimes('success', 1);
    expect(breaker.state()).toBe('closed');
  });
});

describe('timers', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('the state is told when the pause is over, though nobody calls and the clock stands still', async () => {
    const { breaker, states, endTimes } = setUp();
    await endTimes('failure', 5);
    jest.advanceTimersByTime(5_000);
    expect([states, breaker.state()]).toEqual([['open', 'half_open'], 'half_open']);
    await endTimes('failure', 1);
    jest.advanceTimersByTime(9_999);
    expect(breaker.state()).toBe('open');
    jest.advanceTimersByTime(1);
    expect(breaker.state()).toBe('half_open');
  });

  test('a clock ahead of the timer opens the next pause in full', async () => {
    const { breaker, time, endTimes } = setUp();
    await endTimes('failure', 5);
    time.ms += 5_000;
    await endTimes('failure', 1);
    jest.advanceTimersByTime(9_999);
    expect(breaker.state()).toBe('open');
    jest.advanceTimersByTime(1);
    expect(breaker.state()).toBe('half_open');
  });

  test('a closed breaker has no timer, an open one has one, however often it opened', async () => {
    const { breaker, time, endTimes } = setUp();
    expect(jest.getTimerCount()).toBe(0);
    await endTimes('failure', 5);
    for (let round = 0; round < 3; round += 1) {
      time.ms = breaker.retryAt() ?? 0;
      await endTimes('failure', 1);
      expect(jest.getTimerCount()).toBe(1);
    }
    time.ms = breaker.retryAt() ?? 0;
    await endTimes('success', 1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
