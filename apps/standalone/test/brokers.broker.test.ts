import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithBrokers, randomPrefix } from '@universal-api/testing/brokers';
import { askDeepHealth, untilDeepHealth } from './deep-health-parts.ts';
import { openKafkaEvents } from './stack/kafka-events.ts';
import { startEmbedded } from './stack/start-embedded.ts';
import type { PublishedEvents, Stack } from './stack/test-product.ts';
import { untilEvents } from './stack/until-events.ts';

describeWithBrokers('the product with Kafka and Redis', ({ redisUrl, kafkaBrokers }) => {
  const prefix = randomPrefix();
  const environment = {
    REDIS_URL: redisUrl,
    KAFKA_BROKERS: kafkaBrokers.join(','),
    KAFKA_REPLICATION: '1',
    UAPI_PREFIX: prefix,
    // A machine under load must not make these tests ones of an outage.
    RL_REDIS_TIMEOUT_MS: '1000',
  };
  let first: Stack;
  let second: Stack;
  let events: PublishedEvents;

  beforeAll(async () => {
    first = await startEmbedded(environment);
    second = await startEmbedded(environment);
    // The relay makes the topics before its first event; a reader finds only those that are there.
    await untilDeepHealth(first.url, ({ parts }) => parts['search kafka'] === 'healthy ok');
    events = await openKafkaEvents({ brokers: kafkaBrokers, prefix });
  }, 90_000);
  afterAll(async () => {
    await events.close();
    await first.stop();
    await second.stop();
  }, 30_000);

  test('deep health has an entry for each server, and all is well', async () => {
    const { status, whole, parts } = await askDeepHealth(first.url);
    expect({ status, whole }).toEqual({ status: 200, whole: 'healthy' });
    expect(parts).toMatchObject({
      'gateway redis': 'healthy ok',
      'gateway disk': 'healthy ok',
      'auth postgres': 'healthy ok',
      'search postgres': 'healthy ok',
      'search event_log': 'healthy ok',
      'search kafka': 'healthy ok',
      'search redis': 'healthy ok',
    });
  });

  test('requests and attempts are on Kafka, and nothing of them is left in PostgreSQL', async () => {
    const id = 'telemetry-on-kafka';
    await fetch(`${first.url}/api/v1/geocoding/forward?address=Lyon`, { headers: { 'x-request-id': id } });
    const [request] = await untilEvents(
      { events },
      ({ type, correlation }) => type === 'request.completed' && correlation === id,
    );
    expect(request?.data).toMatchObject({ route: '/geocoding/forward' });
    await untilEvents({ events }, ({ type }) => type === 'attempt.completed');
    expect((await first.events.read()).filter(({ type }) => type !== 'search.completed')).toEqual([]);
  });

  test('a domain event goes through the log and the relay to Kafka', async () => {
    const response = await fetch(`${first.url}/api/v1/search/quick?q=Lyon`);
    expect(response.status).toBe(200);
    await untilEvents({ events }, ({ type }) => type === 'search.completed');
    expect((await first.events.read()).map(({ type }) => type)).toContain('search.completed');
    expect(await first.metrics()).toMatch(/^uapi_events_relay_sent_total [1-9]/m);
  });

  test('an answer that one process has kept is the answer of the other', async () => {
    const path = '/api/v1/dictionary/perspicacious';
    const ask = async (stack: Stack) => (await (await fetch(stack.url + path)).json()) as { meta: { cached: boolean } };
    expect((await ask(first)).meta.cached).toBe(false);
    expect((await ask(second)).meta.cached).toBe(true);
  });

  test('two gateways count one caller together', async () => {
    const codes: number[] = [];
    // ip-min: 60 in a minute, some of which the tests before this one have used up.
    for (let count = 0; count < 70; count += 1) {
      const { url } = count % 2 === 0 ? first : second;
      codes.push((await fetch(`${url}/api/v1/time/now`)).status);
    }
    const admitted = codes.filter((code) => code === 200).length;
    expect(new Set(codes)).toEqual(new Set([200, 429]));
    // 70 calls at two gateways that count for themselves would all be admitted; some slots come back meanwhile.
    expect(admitted).toBeLessThan(68);
    expect(await first.metrics()).toMatch(/^uapi_ratelimit_degraded 0$/m);
  });

  test('connections to PostgreSQL stay within the budget', async () => {
    const { open, budget } = await first.connections();
    const sum = Object.values(open).reduce((total, count) => total + count, 0);
    expect(sum).toBeLessThanOrEqual(budget);
  });
});
