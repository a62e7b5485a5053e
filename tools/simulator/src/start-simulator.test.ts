import { once } from 'node:events';
import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findFixtures } from './find-fixtures.ts';
import { startSimulator, type Simulator } from './start-simulator.ts';

const profiles = { '*': 'latency(1,2)' };
const reverse = '/photon/base/reverse?lat=48.5&lon=2.25&limit=1&lang=en';
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ fixtures: await findFixtures(), profiles, seed: 7 });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const ask = (path: string, init?: RequestInit) => fetch(`${simulator.url}${path}`, init);
const control = async (method: string, path: string, body?: string) => {
  const response = await ask(`/_control/${path}`, { method, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the simulator', () => {
  test('plays a provider at its id and host, on loopback', async () => {
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await ask(reverse);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ type: 'FeatureCollection' });
    expect((await ask('/nobody/base/x')).status).toBe(501);
  });

  test('is changed by its control endpoint while it runs', async () => {
    expect(await control('GET', 'profiles')).toEqual({ status: 200, body: profiles });
    const wanted = { photon: 'fault(server-error,1)' };
    expect(await control('PUT', 'profiles', JSON.stringify(wanted))).toEqual({ status: 200, body: wanted });
    expect((await ask(reverse)).status).toBe(502);
    expect((await control('GET', 'stats')).body).toMatchObject({
      operations: { 'photon/geocoding.reverse': { requests: 1, outcomes: { 'server-error': 1 } } },
    });
    expect(await control('POST', 'reset')).toEqual({ status: 200, body: profiles });
    expect((await ask(reverse)).status).toBe(200);
  });

  test.each([
    ['not JSON', 'profiles must be JSON'],
    ['[]', 'profiles must be an object'],
    ['{"photon":1}', 'profile of photon: must be a text'],
    ['{"photon":"speed(1)"}', 'profile of photon: "speed(1)" is not'],
    ['{"nobody":""}', 'profile of nobody: there is no such provider'],
  ])('refuses the profiles %s and keeps its own', async (body, error) => {
    const refused = await control('PUT', 'profiles', body);
    expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining(error) } });
    expect((await control('GET', 'profiles')).body).toEqual(profiles);
  });

  test('knows no other control', async () => {
    expect((await control('GET', 'other')).status).toBe(404);
  });

  test('takes a request that times out and does not answer it', async () => {
    simulator.setProfiles({ photon: 'fault(timeout,1)' });
    const request = get(`${simulator.url}${reverse}`);
    const ended = once(request, 'error');
    let isAnswered = false;
    request.once('response', () => (isAnswered = true));
    await waitUntil(() => simulator.stats().operations['photon/geocoding.reverse'] !== undefined);
    expect(isAnswered).toBe(false);
    request.destroy(new Error('the client leaves'));
    expect(await ended).toMatchObject([{ message: 'the client leaves' }]);
  });
});

async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
