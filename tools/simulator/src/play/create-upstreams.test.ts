import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Fixture } from '@universal-api/providers-kit/fixtures';
import { findFixtures } from '../find-fixtures.ts';
import { createUpstreams } from './create-upstreams.ts';

let fixtures: Readonly<Record<string, readonly Fixture[]>>;
beforeAll(async () => {
  fixtures = await findFixtures();
});
const reverse = { method: 'GET', url: '/base/reverse?lat=48.5&lon=2.25&limit=1&lang=en' };
const search = { method: 'GET', url: '/base/api/?q=Lyon&limit=1&lang=en' };
const create = (profiles: Record<string, string>, seed = 7, now = () => 0) =>
  createUpstreams({ fixtures, profiles, seed, now });

describe('simulated upstreams', () => {
  test('are all providers that have fixtures, with the parts of both categories', () => {
    expect(Object.keys(fixtures)).toEqual(
      expect.arrayContaining(['met_norway', 'nominatim', 'open_meteo', 'opencage', 'photon', 'positionstack']),
    );
    const operations = new Set(fixtures['open_meteo']?.map(({ operation }) => operation));
    expect([...operations]).toEqual(expect.arrayContaining(['weather.current', 'geocoding.elevation']));
  });

  test('answer about the point that was asked', () => {
    const { answer } = create({}).react('photon', reverse);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ features: [{ geometry: { coordinates: [2.25, 48.5] } }] });
  });

  test('react in the same way to the same calls with the same seed, whatever comes between', () => {
    const profiles = { '*': 'latency(40,120) stall(0.2,500) fault(server-error,0.3)' };
    const calls = Array.from({ length: 50 });
    const one = create(profiles);
    const alone = calls.map(() => one.react('photon', reverse));
    const other = create(profiles);
    const mixed = calls.map(() => {
      other.react('photon', search);
      return other.react('photon', reverse);
    });
    expect(mixed).toEqual(alone);
    expect(calls.map(() => create(profiles, 8).react('photon', reverse))).not.toEqual(alone);
  });

  test('refuse what is over their quota, and count it', () => {
    let now = 0;
    const upstreams = create({ opencage: 'quota(1/m)' }, 7, () => now);
    const url = '/base/json?q=Lyon&limit=1&language=en&no_annotations=1&no_record=1&key=x';
    const ask = () => upstreams.react('opencage', { method: 'GET', url }).answer;
    expect(ask()?.status).toBe(200);
    now = 20_000;
    expect(ask()).toMatchObject({ status: 429, headers: { 'retry-after': '40' } });
    now = 60_000;
    expect(ask()?.status).toBe(200);
    expect(upstreams.stats().operations['opencage/geocoding.forward']).toEqual({
      requests: 3,
      outcomes: { success: 2, 'rate-limited': 1 },
      overQuota: 1,
      stalled: 0,
    });
  });

  test('do not answer at all in a timeout', () => {
    const upstreams = create({ photon: 'fault(timeout,1)' });
    expect(upstreams.react('photon', reverse).answer).toBeUndefined();
    expect(upstreams.stats().operations['photon/geocoding.reverse']?.outcomes).toEqual({ timeout: 1 });
  });

  test('change while they run, and go back to their start', () => {
    const upstreams = create({ '*': 'latency(10,20)' });
    const first = upstreams.react('photon', reverse);
    upstreams.setProfiles({ 'photon/geocoding.reverse': 'fault(server-error,1)' });
    expect(upstreams.react('photon', reverse)).toMatchObject({ delayMs: 0, answer: { status: 502 } });
    expect(upstreams.react('photon', search).answer?.status).toBe(200);
    expect(() => upstreams.setProfiles({ nobody: '' })).toThrow('profile of nobody');
    expect(upstreams.profiles()).toEqual({ 'photon/geocoding.reverse': 'fault(server-error,1)' });
    upstreams.reset();
    expect(upstreams.stats()).toEqual({ operations: {}, unmatched: 0 });
    expect(upstreams.react('photon', reverse)).toEqual(first);
  });

  test('say so when nothing fits, and never answer with something else', () => {
    const upstreams = create({ '*': 'fault(server-error,1)' });
    expect(upstreams.react('photon', { method: 'GET', url: '/base/other' }).answer?.status).toBe(501);
    expect(upstreams.react('nobody', reverse).answer?.status).toBe(501);
    expect(upstreams.react('photon', { method: 'GET', url: '/base/%/reverse' }).answer?.status).toBe(501);
    expect(upstreams.stats().unmatched).toBe(3);
  });
});
