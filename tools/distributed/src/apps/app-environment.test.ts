import { describe, expect, test } from '@jest/globals';
import { readStarterConfig } from '../config.ts';
import { environmentOf, secretsOf } from './app-environment.ts';
import { distributedApps } from './app-list.ts';
import { placeApps, portsOf } from './place-apps.ts';
import { unreadVariables } from './read-variables.ts';

const servers = {
  DATABASE_URL: 'postgresql://uapi:p@127.0.0.1:1/uapi',
  REDIS_URL: 'redis://127.0.0.1:2',
  KAFKA_BROKERS: '127.0.0.1:3',
};
const apps = await placeApps(distributedApps, readStarterConfig({}));

function environmentFor(name: string, given: Record<string, string> = {}) {
  const app = apps.find((one) => one.name === name);
  if (app === undefined) throw new Error(`no app ${name}`);
  return environmentOf(app, { given, servers, secretsFolder: '/secrets', apps });
}

describe('every app', () => {
  test.each(distributedApps.map(({ name }) => name))('%s has the servers, its own ports and a quiet log', (name) => {
    const app = apps.find((one) => one.name === name);
    expect(environmentFor(name)).toMatchObject({
      ...servers,
      LOG_LEVEL: 'warn',
      BIND_ADDRESS: '127.0.0.1',
      OPS_PORT: String(app?.operationsPort),
      [name === 'gateway' ? 'PORT' : 'GRPC_PORT']: String(app?.port),
      INTERNAL_AUTH_KEY_FILE: '/secrets/INTERNAL_AUTH_KEY',
    });
  });

  test('that tells of the address of callers tells of the same one: the public port, where nobody gave another', async () => {
    const moved = await placeApps(distributedApps, readStarterConfig({ PORT: '9000' }));
    const toldTo = (name: string, given: Record<string, string> = {}) => {
      const app = moved.find((one) => one.name === name);
      return app && environmentOf(app, { given, servers, secretsFolder: '/secrets', apps: moved })['PUBLIC_BASE_URL'];
    };
    for (const name of ['auth', 'gateway']) {
      expect(toldTo(name)).toBe('http://127.0.0.1:9000');
      expect(toldTo(name, { PUBLIC_BASE_URL: '' })).toBe('http://127.0.0.1:9000');
      expect(toldTo(name, { PUBLIC_BASE_URL: 'https://api.example' })).toBe('https://api.example');
    }
    expect(toldTo('search')).toBeUndefined();
  });

  test('listens where the design says', () => {
    expect(apps.map(({ name, port, operationsPort }) => [name, port, operationsPort])).toEqual([
      ['auth', 50055, 9155],
      ['search', 50051, 9151],
      ['video', 50052, 9152],
      ['assistant', 50053, 9153],
      ['analytics', 50054, 9154],
      ['webhook', 50056, 9156],
      ['gateway', 8000, 9150],
    ]);
  });
});

describe('secrets', () => {
  test('the pepper and the key of stored data go to auth alone, and the password of the database to nobody', () => {
    const holders = (variable: string) =>
      distributedApps.map(({ name }) => name).filter((name) => variable in environmentFor(name));
    expect(holders('AUTH_KEY_PEPPER_FILE')).toEqual(['auth']);
    expect(holders('DATA_ENCRYPTION_KEY_FILE')).toEqual(['auth']);
    expect(holders('DATABASE_PASSWORD_FILE')).toEqual([]);
    const given = { AUTH_KEY_PEPPER: 'v1:x', DATABASE_PASSWORD: 'y' };
    expect(Object.keys(environmentFor('search', given))).not.toEqual(expect.arrayContaining(['AUTH_KEY_PEPPER']));
    expect(Object.keys(environmentFor('search', given))).not.toEqual(expect.arrayContaining(['DATABASE_PASSWORD']));
  });

  test('one that is given wins over the file, as a value or as a file', () => {
    expect(environmentFor('auth', { AUTH_KEY_PEPPER: 'v1:x' })).toMatchObject({ AUTH_KEY_PEPPER: 'v1:x' });
    expect(environmentFor('auth', { AUTH_KEY_PEPPER: 'v1:x' })).not.toHaveProperty('AUTH_KEY_PEPPER_FILE');
    expect(environmentFor('auth', { AUTH_KEY_PEPPER_FILE: '/own' })).toMatchObject({ AUTH_KEY_PEPPER_FILE: '/own' });
    expect(secretsOf({ given: { AUTH_KEY_PEPPER_FILE: '/own' }, secretsFolder: '/s' })).not.toHaveProperty(
      'AUTH_KEY_PEPPER_FILE',
    );
  });
});

describe('what is given', () => {
  test('reaches whoever reads it: providers, limits, the simulator, the level of the log', () => {
    const given = {
      OPEN_METEO_FORECAST_URL: 'http://127.0.0.1:9',
      UAPI_SIMULATOR_URL: 'http://127.0.0.1:8',
      RL_LOOKUP_MIN: '5',
      LOG_LEVEL: 'info',
    };
    expect(environmentFor('search', given)).toMatchObject({
      OPEN_METEO_FORECAST_URL: 'http://127.0.0.1:9',
      UAPI_SIMULATOR_URL: 'http://127.0.0.1:8',
      LOG_LEVEL: 'info',
    });
    expect(environmentFor('gateway', given)).toMatchObject({ RL_LOOKUP_MIN: '5' });
    expect(environmentFor('video', given)).not.toHaveProperty('UAPI_SIMULATOR_URL');
  });

  test('never moves an app away from its ports, its servers or its peers', () => {
    const given = { PORT: '1', OPS_PORT: '1', GRPC_PORT: '1', DATABASE_URL_FILE: '/x', UAPI_SEARCH_ADDR: 'x:1' };
    const search = environmentFor('search', given);
    expect(search).toMatchObject({ GRPC_PORT: '50051', OPS_PORT: '9151', UAPI_AUTH_ADDR: '127.0.0.1:50055' });
    for (const name of ['PORT', 'DATABASE_URL_FILE', 'UAPI_SEARCH_ADDR']) expect(search).not.toHaveProperty(name);
    expect(environmentFor('gateway', given)).toMatchObject({ PORT: '8000', UAPI_SEARCH_ADDR: '127.0.0.1:50051' });
  });

  test('a name that looks like ours and that nothing reads is found', () => {
    const given = { UAPI_SIMULATOR_URL: 'x', RL_LOOKUP_MIN: '5', AUTH_KEY_PEPER: 'v1:x', HOME: '/root' };
    expect(unreadVariables(given, [])).toEqual(['AUTH_KEY_PEPER']);
  });
});

describe('ports', () => {
  test('0 becomes a free one, no two the same, and a place that is told is kept', async () => {
    const config = readStarterConfig({
      PORT: '0',
      OPS_PORT: '0',
      UAPI_AUTH_ADDR: '127.0.0.1:0',
      BIND_ADDRESS: '0.0.0.0',
    });
    const placed = await placeApps(distributedApps, config);
    const ports = placed.flatMap(({ port, operationsPort }) => [port, operationsPort]);
    expect(ports).not.toContain(0);
    expect(new Set(ports).size).toBe(ports.length);
    expect(placed.find(({ name }) => name === 'search')?.port).toBe(50051);
    expect(placed.map(({ name, host }) => [name, host])).toEqual(
      placed.map(({ name }) => [name, name === 'gateway' ? '0.0.0.0' : '127.0.0.1']),
    );
  });

  test('each is checked under the name of the variable that moves it', () => {
    expect(portsOf(apps)).toContainEqual({ host: '127.0.0.1', port: 50051, variable: 'UAPI_SEARCH_ADDR' });
    expect(portsOf(apps)).toContainEqual({ host: '127.0.0.1', port: 8000, variable: 'PORT' });
    expect(portsOf(apps).length).toBe(14);
  });
});
