import { expect, test } from '@jest/globals';
import { allApps } from '../pack/packable-apps.ts';
import { type ComposeProject, type ComposeService, findFaults } from './find-faults.ts';

const limits = { deploy: { resources: { limits: { cpus: '1', memory: '1g', pids: 9 } } } };
const ours = (app: string): ComposeService => ({
  ...limits,
  image: `uapi-${app}:0.1.0`,
  build: { args: { APP: app } },
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
});
const done = { condition: 'service_completed_successfully' };
const healthy = { condition: 'service_healthy' };
const stores = { secrets: done, migrate: done, 'kafka-init': done, redis: healthy };
const server: ComposeService = { ...limits, image: 'vendor/server:1.2.3', healthcheck: { test: ['CMD', 'true'] } };
const peers = allApps.filter((app) => !['admin', 'gateway', 'simulator'].includes(app));
const services: Record<string, ComposeService> = {
  ...Object.fromEntries(['postgres', 'redis', 'kafka'].map((name) => [name, server])),
  ...Object.fromEntries(['secrets', 'migrate', 'kafka-init', 'bootstrap'].map((name) => [name, ours('admin')])),
  ...Object.fromEntries(peers.map((name) => [name, { ...ours(name), depends_on: stores }])),
  simulator: { ...ours('simulator'), profiles: ['simulator'] },
  gateway: {
    ...ours('gateway'),
    networks: { outer: null },
    ports: [{ host_ip: '127.0.0.1' }],
    depends_on: { ...stores, bootstrap: done, ...Object.fromEntries(peers.map((name) => [name, healthy])) },
  },
};
const project = (changed: Record<string, ComposeService | undefined>): ComposeProject => ({
  services: JSON.parse(JSON.stringify({ ...services, ...changed })) as Record<string, ComposeService>,
  networks: { inner: { internal: true } },
});

test('a project that keeps every promise has no faults', () => {
  expect(findFaults(project({}))).toEqual([]);
});

test.each<[string, ComposeService | undefined, string]>([
  ['video', undefined, 'video is not named'],
  ['redis', { ...server, image: 'redis:latest' }, 'redis: redis:latest is no exact tag'],
  ['kafka', { ...server, image: 'apache/kafka' }, 'kafka: apache/kafka is no exact tag'],
  ['auth', { ...services['auth'], read_only: false }, 'auth has a root that can be written'],
  ['auth', { ...services['auth'], ports: [{ host_ip: '127.0.0.1' }] }, 'auth publishes a port'],
  ['auth', { ...services['auth'], networks: { outer: null } }, 'auth is on the outer network'],
  ['gateway', { ...services['gateway'], ports: [{}] }, 'gateway is published beyond 127.0.0.1'],
  ['gateway', { ...services['gateway'], depends_on: stores }, 'gateway does not wait for bootstrap'],
  [
    'search',
    { ...services['search'], depends_on: { ...stores, redis: { condition: 'service_started' } } },
    'by service_started',
  ],
  ['redis', { ...server, healthcheck: {} }, 'redis has no health check'],
  ['auth', { ...services['auth'], environment: { AUTH_KEY_PEPPER: 'v1:x' } }, 'auth: AUTH_KEY_PEPPER is no file'],
  ['search', { ...services['search'], deploy: {} }, 'search has no limit of memory'],
  ['auth', { ...services['auth'], user: '0' }, 'auth replaces the user'],
])('%s with a fault is named (%#)', (name, service, fault) => {
  expect(findFaults(project({ [name]: service })).join('\n')).toContain(fault);
});
