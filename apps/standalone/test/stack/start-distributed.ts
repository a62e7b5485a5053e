import { createTestDatabase } from '@universal-api/database/testing';
import { applyTopics, createKafkaClient } from '@universal-api/events/kafka';
import { silentLogger } from '@universal-api/logging';
import { brokerServers, randomPrefix } from '@universal-api/testing/brokers';
import { migrateAll } from '../../src/migrate-all.ts';
import { startAppProcess, stopProcesses, type AppProcess } from './app-process.ts';
import { countOwnConnections } from './count-connections.ts';
import { dumpDatabase, dumpRedis } from './dump-stores.ts';
import { openKafkaEvents } from './kafka-events.ts';
import { makeFirstKey } from './make-first-key.ts';
import { placeApps } from './place-apps.ts';
import { randomKey } from './random-key.ts';
import type { ProductEnvironment, Stack } from './test-product.ts';
import { untilReady } from './until-ready.ts';

/** Half of `max_connections` (200), so that the old and the new processes of an upgrade fit side by side. */
const budget = 100;

/**
 * The product as one process per app, on free ports, with a database, topics and keys of its own on the servers that the broker
 * tests share. Errors: one sentence when there are none; what an app printed when it ends or does not serve.
 */
export async function startDistributed(environment: ProductEnvironment): Promise<Stack> {
  const servers = brokerServers();
  if (!servers) {
    throw new Error(
      'UAPI_TEST_STACK=distributed needs UAPI_TEST_REDIS_URL and UAPI_TEST_KAFKA_BROKERS; npm run test:broker starts them.',
    );
  }
  const topics = { brokers: servers.kafkaBrokers, prefix: randomPrefix() };
  const [database, apps] = await Promise.all([createTestDatabase({ schemas: [] }), placeApps()]);
  const pepper = randomKey();
  const { port, operationsUrl } = apps.find(({ name }) => name === 'gateway') ?? { port: 0, operationsUrl: '' };
  const url = `http://127.0.0.1:${port}`;
  const shared = {
    LOG_LEVEL: 'warn',
    UAPI_BUILD: 'test',
    UAPI_EGRESS: 'none',
    // What `npm start` allows on loopback.
    ANONYMOUS_ACCESS: 'on',
    DRAIN_S: '2',
    DATABASE_URL: database.url,
    REDIS_URL: servers.redisUrl,
    KAFKA_BROKERS: topics.brokers.join(','),
    UAPI_PREFIX: topics.prefix,
    PUBLIC_BASE_URL: url,
    AUTH_KEY_PEPPER: pepper,
    DATA_ENCRYPTION_KEY: randomKey(),
    INTERNAL_AUTH_KEY: randomKey(),
    ...Object.assign({}, ...apps.map(({ address }) => address)),
    ...environment,
  };
  const processes: AppProcess[] = [];
  const stop = async () => {
    try {
      await stopProcesses(processes);
    } finally {
      await database.drop();
    }
  };
  try {
    const client = createKafkaClient({ ...topics, service: 'test', log: silentLogger });
    await Promise.all([migrateAll(database.url), applyTopics(client)]);
    for (const { name, main, own } of apps) processes.push(startAppProcess(name, main, { ...shared, ...own }));
    const operationsUrls = apps.map((app) => app.operationsUrl);
    const [key, events] = await Promise.all([
      makeFirstKey(database.url, pepper),
      openKafkaEvents(topics),
      untilReady({ processes, operationsUrls, gatewayUrls: [url] }),
    ]);
    return {
      url,
      key,
      operationsUrl,
      async metrics() {
        const texts = operationsUrls.map(async (one) => (await fetch(`${one}/metrics`)).text());
        return (await Promise.all(texts)).join('\n');
      },
      events,
      adminUrl: database.adminUrl,
      connections: async () => ({ open: await countOwnConnections(database.url), budget }),
      async kept() {
        const stored = [dumpDatabase(database.adminUrl), dumpRedis(servers.redisUrl, topics.prefix)];
        const sent = (await events.read()).map((event) => JSON.stringify(event));
        return [...(await Promise.all(stored)), ...sent, ...processes.map((one) => one.printed())].join('\n');
      },
      async stop() {
        // Whoever still writes events needs the topics.
        await stop().finally(() => events.close());
      },
    };
  } catch (error) {
    await stop().catch(() => {}); // The first error is the one to tell.
    throw error;
  }
}
