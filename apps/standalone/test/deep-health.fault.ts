import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareDatabase } from '@universal-api/database';
import { newId } from '@universal-api/ids';
import {
  startKafka,
  startPostgres,
  startRedis,
  type KafkaServer,
  type PostgresServer,
  type RedisServer,
} from '@universal-api/infra';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { describeWithInfra, randomPrefix } from '@universal-api/testing/brokers';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startProduct, type RunningProduct } from '../src/compose.ts';
import { askDeepHealth, untilDeepHealth, type DeepHealth } from './deep-health-parts.ts';

// Deep health: each server broken in turn changes its own entries and no other.

const servers = {} as { redis: RedisServer; kafka: KafkaServer; postgres: PostgresServer };
let databaseUrl: string;
const folders: string[] = [];

function start(redisUrl: string): Promise<RunningProduct> {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-deep-'));
  folders.push(folder);
  const config = readConfig({
    ...{ PORT: '0', OPS_PORT: '0', UAPI_SEARCH_ADDR: '127.0.0.1:0', UAPI_AUTH_ADDR: '127.0.0.1:0' },
    ...{ DATA_DIR: folder, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, RL_REDIS_TIMEOUT_MS: '500' },
    ...{ KAFKA_BROKERS: servers.kafka.brokers.join(','), UAPI_PREFIX: randomPrefix() },
    // It is asked twice a second, by nobody in particular.
    ...{ UAPI_EGRESS: 'none', DRAIN_S: '1', RL_IP_MIN: '100000/60' },
  });
  const metrics = createMetrics({ version: 'test' });
  const host = { log: silentLogger, metrics, version: 'test', build: 'test', now: Date.now, newId };
  return startProduct(config, host, () => {});
}

/** Entries that are not well, by name. */
function broken({ parts }: DeepHealth): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).filter(([, state]) => !state.startsWith('healthy')));
}

const isWell = (health: DeepHealth) => health.whole === 'healthy';
const isOf =
  (...names: readonly string[]) =>
  (health: DeepHealth) =>
    Object.keys(broken(health)).toSorted().join() === names.toSorted().join();

/** Codes of what an answer lost; every call of these has to be served. */
async function lossesOf({ url }: RunningProduct): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/dictionary/serendipity`);
  const { meta } = (await response.json()) as { meta?: { degraded: { code: string }[] } };
  expect(response.status).toBe(200);
  return (meta?.degraded ?? []).map(({ code }) => code);
}

async function metricsOf({ ports }: RunningProduct): Promise<string> {
  return (await fetch(`http://127.0.0.1:${ports.operations}/metrics`)).text();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 20_000; !(await condition());) {
    if (performance.now() > deadline) throw new Error('it did not come to that in 20 s');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

describeWithInfra('deep health, with servers of its own', () => {
  beforeAll(async () => {
    servers.redis = await startRedis();
    servers.kafka = await startKafka();
    servers.postgres = await startPostgres();
    const login = { login: 'uapi', password: 'only-for-this-test', database: 'uapi' };
    databaseUrl = await prepareDatabase(servers.postgres.url, login);
  }, 120_000);
  afterAll(async () => {
    for (const server of Object.values(servers)) await server.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  describe('each server in turn', () => {
    let product: RunningProduct;
    beforeAll(async () => {
      product = await start(servers.redis.url);
      expect(await untilDeepHealth(product.url, isWell)).toMatchObject({ status: 200, whole: 'healthy' });
    }, 120_000);
    afterAll(() => product.stop(1_000), 30_000);

    test('Redis gone: its entries alone, and the product goes on with less', async () => {
      await servers.redis.kill();
      const health = await untilDeepHealth(product.url, isOf('auth redis', 'gateway redis', 'search redis'));
      expect(broken(health)).toEqual({
        'auth redis': expect.stringMatching(/^degraded (unreachable|timeout)$/),
        'gateway redis': expect.stringMatching(/^degraded (unreachable|timeout)$/),
        'search redis': expect.stringMatching(/^degraded (unreachable|timeout)$/),
      });
      expect(health).toMatchObject({ status: 200, whole: 'degraded' });
      await until(async () => (await lossesOf(product)).includes('cache'));
      expect(await metricsOf(product)).toMatch(/^uapi_ratelimit_degraded 1$/m);
      await servers.redis.restart();
      expect(broken(await untilDeepHealth(product.url, isWell))).toEqual({});
      await until(async () => !(await lossesOf(product)).includes('cache'));
      await until(async () => /^uapi_ratelimit_degraded 0$/m.test(await metricsOf(product)));
    }, 120_000);

    test('Kafka gone: its entry alone', async () => {
      await servers.kafka.kill();
      const health = await untilDeepHealth(product.url, isOf('search kafka'));
      expect(broken(health)).toEqual({ 'search kafka': expect.stringMatching(/^degraded (unreachable|timeout)$/) });
      expect(health).toMatchObject({ status: 200, whole: 'degraded' });
      await servers.kafka.restart();
      expect(broken(await untilDeepHealth(product.url, isWell))).toEqual({});
    }, 180_000);

    test('PostgreSQL gone: its entries and that of the log in it, and the answer is 503', async () => {
      await servers.postgres.kill();
      const health = await untilDeepHealth(
        product.url,
        isOf('auth postgres', 'auth mail', 'search postgres', 'search event_log'),
      );
      expect(broken(health)).toEqual({
        'auth postgres': expect.stringMatching(/^unhealthy /),
        'auth mail': expect.stringMatching(/^degraded /),
        'search postgres': expect.stringMatching(/^unhealthy /),
        'search event_log': expect.stringMatching(/^unhealthy /),
      });
      expect(health).toMatchObject({ status: 503, whole: 'unhealthy' });
      await servers.postgres.restart();
      expect(broken(await untilDeepHealth(product.url, isWell))).toEqual({});
      expect((await askDeepHealth(product.url)).status).toBe(200);
    }, 120_000);
  });

  test('a Redis that evicts keys ends the start with a sentence that names the setting', async () => {
    const evicting = await startRedis({ maxmemoryPolicy: 'allkeys-lru' });
    try {
      await expect(start(evicting.url)).rejects.toThrow('set maxmemory-policy to noeviction');
    } finally {
      await evicting.stop();
    }
  }, 60_000);
});
