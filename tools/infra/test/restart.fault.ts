import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { describeWithInfra } from '@universal-api/testing/brokers';
import { setTimeout as sleep } from 'node:timers/promises';
import { askRedis, type KafkaServer, startKafka, startPostgres, startRedis } from '../src/index.ts';
import { isLiving, markOf } from '../src/process/living.ts';
import { createTopic, hasTopic } from './ask-broker.ts';

describeWithInfra('kill -9 and restart on the same folder', () => {
  let kafka: KafkaServer;
  beforeAll(async () => {
    kafka = await startKafka();
  }, 60_000);
  afterAll(() => kafka.stop());

  test('Kafka serves its topics again, on the same port, three times over', async () => {
    for (const name of ['first', 'second', 'third']) {
      expect(await createTopic(kafka.port, name)).toBe(0);
      const { pid } = kafka;
      const mark = markOf(pid);
      await kafka.kill();
      expect(mark && isLiving(mark)).toBe(false);
      await kafka.restart();
      expect(kafka.pid).not.toBe(pid);
      expect(await hasTopic(kafka.port, name)).toBe(true);
    }
  }, 120_000);

  test('Kafka that is frozen answers nobody, and goes on when thawed', async () => {
    kafka.freeze();
    const asked = hasTopic(kafka.port, 'first');
    expect(await Promise.race([asked, sleep(1_000, 'silent')])).toBe('silent');
    kafka.thaw();
    expect(await asked).toBe(true);
  }, 30_000);

  test('Redis has what was written more than a second before, and a frozen one can be stopped', async () => {
    const redis = await startRedis();
    expect(await askRedis(redis.port, 'SET word kept')).toBe('+OK');
    await sleep(1_500);
    await redis.kill();
    await expect(askRedis(redis.port, 'PING')).rejects.toThrow();
    await redis.restart();
    expect(await askRedis(redis.port, "EVAL \"return {ok=redis.call('GET','word')}\" 0")).toBe('+kept');
    redis.freeze();
    await expect(askRedis(redis.port, 'PING')).rejects.toThrow('does not answer');
    await redis.stop();
  }, 30_000);

  test('PostgreSQL has every committed row; frozen it answers nobody, and a second user of its folder is refused', async () => {
    const postgres = await startPostgres();
    const ask = (text: string) => withClient(postgres.url, async (client) => (await client.query(text)).rows);
    await ask('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
    expect(await ask('SHOW max_connections')).toEqual([{ max_connections: '200' }]);
    await expect(startPostgres({ folder: postgres.folder })).rejects.toThrow('Another process uses');
    await postgres.kill();
    await postgres.restart();
    expect(await ask('SELECT n FROM kept')).toEqual([{ n: 1 }]);
    postgres.freeze();
    const asked = ask('SELECT 1 AS one');
    expect(await Promise.race([asked, sleep(1_000, 'silent')])).toBe('silent');
    postgres.thaw();
    expect(await asked).toEqual([{ one: 1 }]);
    await postgres.stop();
  }, 60_000);
});
