import { describe, expect, jest, test } from '@jest/globals';
import { createSingleFlight } from './single-flight.ts';

function setUp() {
  const flight = createSingleFlight<string>();
  let land: { resolve(value: string): void; reject(error: unknown): void } | undefined;
  const call = jest.fn<(signal: AbortSignal) => Promise<string>>(
    () => new Promise((resolve, reject) => (land = { resolve, reject })),
  );
  return {
    flight,
    call,
    resolve: (value: string) => land?.resolve(value),
    reject: (error: Error) => land?.reject(error),
  };
}

describe('sharing', () => {
  test('callers of one key share one call, another key makes its own', async () => {
    const { flight, call, resolve } = setUp();
    const same = [flight.run('a', call), flight.run('a', call), flight.run('a', call, new AbortController().signal)];
    const other = flight.run('b', async () => 'other');
    expect([call.mock.calls.length, flight.size()]).toEqual([1, 2]);
    resolve('value');
    expect(await Promise.all([...same, other])).toEqual(['value', 'value', 'value', 'other']);
  });

  test('all who share get the same error, and the next caller starts anew', async () => {
    const { flight, call, reject } = setUp();
    const results = [flight.run('a', call), flight.run('a', call, new AbortController().signal)];
    reject(new Error('down'));
    for (const result of results) await expect(result).rejects.toThrow('down');
    expect([flight.size(), await flight.run('a', async () => 'up')]).toEqual([0, 'up']);
  });

  test('a call that throws at once rejects and holds nothing', async () => {
    const { flight } = setUp();
    const thrown = flight.run('a', () => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    expect(flight.size()).toBe(0);
  });
});

describe('leaving', () => {
  test('the first caller leaves, the others get their value and the call is not aborted', async () => {
    const { flight, call, resolve } = setUp();
    const leaver = new AbortController();
    const left = flight.run('a', call, leaver.signal);
    const stayed = [flight.run('a', call), flight.run('a', call, new AbortController().signal)];
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(call.mock.calls[0]?.[0].aborted).toBe(false);
    resolve('value');
    expect([await Promise.all(stayed), call.mock.calls.length]).toEqual([['value', 'value'], 1]);
  });

  test('when the last one left the call is aborted, and a newcomer does not join it', async () => {
    const { flight, call, reject } = setUp();
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map((leaver) => flight.run('a', call, leaver.signal));
    for (const leaver of leavers) leaver.abort(new Error('gone'));
    for (const result of left) await expect(result).rejects.toThrow('gone');
    expect([call.mock.calls[0]?.[0].aborted, flight.size()]).toEqual([true, 0]);
    const anew = flight.run('a', async () => 'anew');
    reject(new Error('aborted'));
    expect(await anew).toBe('anew');
  });

  test('who is gone already joins nothing', async () => {
    const { flight, call } = setUp();
    await expect(flight.run('a', call, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect([call.mock.calls.length, flight.size()]).toEqual([0, 0]);
  });
});
