import { describe, expect, test } from '@jest/globals';
import type { Dependency, DependencyHealth, DependencyStatus } from '@universal-api/service';
import { createDeepHealth } from './ask-deep-health.ts';
import type { AppParts } from './probe-apps.ts';

const entry = (status: DependencyStatus): DependencyHealth => ({
  status,
  detailCode: 'x',
  latencyMs: 1,
  checkedAt: 5,
});

function build(states: Record<string, DependencyStatus>, own: readonly Dependency[] = []) {
  let at = 0;
  const asked: string[] = [];
  const apps = Object.keys(states).map((app) => {
    const probe = async (): Promise<AppParts> => {
      asked.push(app);
      return new Map([['postgres', entry(states[app] ?? 'healthy')]]);
    };
    return [app, probe] as const;
  });
  return {
    asked,
    later: (ms: number) => (at += ms),
    ask: createDeepHealth({ own, apps: new Map(apps), now: () => at }),
  };
}

describe('the installation', () => {
  test.each([
    [{ search: 'healthy', auth: 'healthy' }, 'healthy'],
    [{ search: 'degraded', auth: 'healthy' }, 'degraded'],
    [{ search: 'degraded', auth: 'unhealthy' }, 'unhealthy'],
  ] as const)('is as its worst app is: %j', async (states, expected) => {
    const found = await build(states).ask();
    expect(found.status).toBe(expected);
    expect(Object.fromEntries([...found.apps].map(([app, { status }]) => [app, status]))).toEqual({
      gateway: 'healthy',
      ...states,
    });
  });

  test('counts what the gateway stands on', async () => {
    const disk: Dependency = {
      name: 'disk',
      without: 'unhealthy',
      probe: async () => ({ status: 'degraded', detailCode: 'nearly_full' }),
    };
    const found = await build({ search: 'healthy' }, [disk]).ask();
    expect(found.apps.get('gateway')).toMatchObject({ status: 'degraded' });
    expect(found.apps.get('gateway')?.parts.get('disk')).toMatchObject({ detailCode: 'nearly_full' });
  });
});

describe('an answer', () => {
  test('is shared for five seconds, by those who ask at once too, and then asked anew', async () => {
    const { ask, asked, later } = build({ search: 'healthy' });
    const [first, second] = await Promise.all([ask(), ask()]);
    later(4_999);
    expect(await ask()).toBe(first);
    expect(second).toBe(first);
    expect(asked).toEqual(['search']);
    later(1);
    expect(await ask()).not.toBe(first);
    expect(asked).toEqual(['search', 'search']);
  });
});
