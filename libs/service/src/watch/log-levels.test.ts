import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { LogLevel } from '@universal-api/logging';
import { createLogLevels } from './log-levels.ts';

beforeEach(() => void jest.useFakeTimers({ now: 0 }));
afterEach(() => void jest.useRealTimers());

function setUp() {
  const log = { now: 'info' as LogLevel };
  const target = { level: () => log.now, setLevel: (level: LogLevel) => void (log.now = level) };
  return { log, levels: createLogLevels('search', target, Date.now) };
}
const held = (level: string, untilMs?: number, service = 'search') => [{ service, level, untilMs }];

test('a level holds until its time is over, then the configured one comes back by itself', () => {
  const { log, levels } = setUp();
  levels.apply(held('debug', 60_000));
  expect(log.now).toBe('debug');
  jest.advanceTimersByTime(59_999);
  expect(log.now).toBe('debug');
  jest.advanceTimersByTime(1);
  expect(log.now).toBe('info');
});

test('a level that is not named any more is reset, and one that changed is changed', () => {
  const { log, levels } = setUp();
  levels.apply(held('debug', 60_000));
  levels.apply(held('error'));
  expect(log.now).toBe('error');
  jest.advanceTimersByTime(120_000);
  expect(log.now).toBe('error');
  levels.apply([]);
  expect(log.now).toBe('info');
});

test('a level of another app, over already, or unknown, changes nothing', () => {
  const { log, levels } = setUp();
  for (const list of [held('debug', 60_000, 'auth'), held('debug', 0), held('loud', 60_000)]) levels.apply(list);
  expect(log.now).toBe('info');
});

test('a level that is said again and again keeps its end', () => {
  const { log, levels } = setUp();
  for (let second = 0; second < 60; second += 1) {
    levels.apply(held('debug', 60_000));
    jest.advanceTimersByTime(1_000);
  }
  expect(log.now).toBe('info');
});
