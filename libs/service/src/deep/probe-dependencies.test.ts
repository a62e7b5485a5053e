import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { worstOf, type Dependency } from './dependency.ts';
import { probeDependencies } from './probe-dependencies.ts';

const now = () => 1_000;
const works: Dependency = { name: 'works', without: 'unhealthy', probe: async () => undefined };
const never: Dependency = { name: 'never', without: 'degraded', probe: () => new Promise(() => {}) };
const failing = (name: string, error: unknown): Dependency => ({
  name,
  without: 'unhealthy',
  probe: () => Promise.reject(error),
});

async function statesOf(...dependencies: Dependency[]) {
  const found = await probeDependencies(dependencies, { now, limitMs: 20 });
  return Object.fromEntries([...found].map(([name, { status, detailCode }]) => [name, `${status} ${detailCode}`]));
}

describe('probing', () => {
  test('one that answers is healthy, with its time and its moment', async () => {
    const found = await probeDependencies([works], { now });
    expect(found.get('works')).toEqual({
      status: 'healthy',
      detailCode: 'ok',
      latencyMs: expect.any(Number),
      checkedAt: 1_000,
    });
  });

  test('each has its own entry: one that is late or fails changes no other', async () => {
    expect(
      await statesOf(
        works,
        never,
        failing('away', new AppError('service_unavailable')),
        failing('slow', new AppError('deadline_exceeded')),
      ),
    ).toEqual({
      works: 'healthy ok',
      never: 'degraded timeout',
      away: 'unhealthy unreachable',
      slow: 'unhealthy deadline_exceeded',
    });
  });

  test('nothing of a foreign error is told', async () => {
    const secret = new Error('password "hunter2" at db.internal:5432');
    expect(JSON.stringify(await statesOf(failing('odd', secret)))).toBe('{"odd":"unhealthy failed"}');
  });

  test('all are asked at once: one that waits for another that comes after it gets its answer', async () => {
    let answer = () => {};
    const waits: Dependency = {
      name: 'waits',
      without: 'unhealthy',
      probe: () => new Promise<undefined>((resolve) => (answer = () => resolve(undefined))),
    };
    const releases: Dependency = { name: 'releases', without: 'unhealthy', probe: async () => void answer() };
    expect(await statesOf(waits, releases)).toEqual({ waits: 'healthy ok', releases: 'healthy ok' });
  });
});

test('the whole is as its worst part, and healthy when there is none', () => {
  expect(worstOf([])).toBe('healthy');
  expect(worstOf(['healthy', 'degraded'])).toBe('degraded');
  expect(worstOf(['degraded', 'unhealthy', 'healthy'])).toBe('unhealthy');
});
