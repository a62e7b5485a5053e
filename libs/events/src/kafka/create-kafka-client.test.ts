import { describe, expect, test } from '@jest/globals';
import { silentLogger } from '@universal-api/logging';
import { createKafkaClient, type KafkaSettings, kafkaRetry, toKafkaConfig } from './create-kafka-client.ts';
import { createKafkaLogging } from './kafka-logging.ts';

const settings: KafkaSettings = { brokers: ['127.0.0.1:1'], prefix: 'uapi', service: 'search', log: silentLogger };

describe('the settings', () => {
  test('always name the retries, since kafkajs has others under NODE_ENV=test', () => {
    expect(process.env['NODE_ENV']).toBe('test');
    expect(toKafkaConfig(settings)).toMatchObject({
      retry: kafkaRetry,
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
    });
  });

  test('carry TLS and SASL when they are configured, and neither when not', () => {
    expect(toKafkaConfig(settings)).toMatchObject({ clientId: 'uapi-search', ssl: false });
    expect(toKafkaConfig(settings)).not.toHaveProperty('sasl');
    const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' } as const;
    expect(toKafkaConfig({ ...settings, tls: true, sasl })).toMatchObject({ ssl: true, sasl });
    expect(toKafkaConfig({ ...settings, tls: { ca: 'PEM' } })).toMatchObject({ ssl: { ca: 'PEM' } });
  });

  test.each([
    ['no broker', { brokers: [] }],
    ['a prefix that is no name', { prefix: 'a.b' }],
    ['an empty prefix', { prefix: '' }],
  ])('are refused with %s', (_what, change) => {
    expect(() => createKafkaClient({ ...settings, ...change })).toThrow();
  });

  test('give no producer that is idempotent', () => {
    expect(createKafkaClient(settings).producer().isIdempotent()).toBe(false);
  });
});

describe('names', () => {
  test('of topics and groups begin with the prefix, and lead back', () => {
    const client = createKafkaClient({ ...settings, prefix: 't1' });
    expect(client.topicName('uapi.search.v1')).toBe('t1.search.v1');
    expect(client.topicOf('t1.search.v1')).toBe('uapi.search.v1');
    expect(client.topicOf('uapi.search.v1')).toBeUndefined();
    expect(client.groupName('webhook.fanout')).toBe('t1.webhook.fanout');
  });
});

describe('lines of kafkajs', () => {
  test('fall by one level, and the same one is written once in ten seconds', () => {
    const lines: [string, unknown][] = [];
    const keep = (level: string) => (_message: string, fields?: object) => void lines.push([level, fields]);
    let now = 0;
    const write = createKafkaLogging(
      { ...silentLogger, isEnabled: () => true, warn: keep('warn'), info: keep('info'), debug: keep('debug') },
      () => now,
    )(1);
    const entry = (level: number, message: string) =>
      write({ namespace: 'Connection', level, label: '', log: { timestamp: '', message } });
    for (const level of [1, 2, 4]) entry(level, `line ${level}`);
    entry(1, 'line 1');
    now = 10_000;
    entry(1, 'line 1');
    expect(lines).toEqual([
      ['warn', { part: 'Connection', reason: 'line 1' }],
      ['info', { part: 'Connection', reason: 'line 2' }],
      ['debug', { part: 'Connection', reason: 'line 4' }],
      ['warn', { part: 'Connection', reason: 'line 1' }],
    ]);
  });
});
