import { expect, test } from '@jest/globals';
import { providerEntries } from '@universal-api/search/compose';
import { defaultProfiles } from './profile/default-profiles.ts';
import { parseProfile } from './profile/parse-profile.ts';
import { simulatedEnvironment } from './simulated-environment.ts';

test('every key is the simulator’s, and no real one leaves', () => {
  const environment = {
    PORT: '8000',
    OPENCAGE_API_KEY: 'real',
    POSITIONSTACK_API_KEY_FILE: '/run/key',
    EMPTY: undefined,
  };
  const simulated = simulatedEnvironment(environment, 'http://127.0.0.1:9900', providerEntries);
  expect(simulated).toMatchObject({
    PORT: '8000',
    UAPI_SIMULATOR_URL: 'http://127.0.0.1:9900',
    OPENCAGE_API_KEY: 'simulated',
    POSITIONSTACK_API_KEY: 'simulated',
    OPEN_METEO_API_KEY: 'simulated',
  });
  expect(Object.keys(simulated)).not.toContain('POSITIONSTACK_API_KEY_FILE');
});

test('the default profiles have the quotas that the manifests declare', () => {
  const profiles = defaultProfiles(providerEntries);
  expect(profiles).toMatchObject({
    '*': 'latency(40,120)',
    nominatim: 'quota(1/1s)',
    opencage: 'quota(1/1s) quota(2500/1d)',
    open_meteo: 'quota(600/1m) quota(5000/1h) quota(10000/1d)',
  });
  expect(profiles['local_cities']).toBeUndefined();
  for (const text of Object.values(profiles)) expect(() => parseProfile(text)).not.toThrow();
});
