import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig, z } from '@universal-api/config';
import { brokerVariables, toBrokers } from './broker-variables.ts';

const read = (environment: Record<string, string>) => toBrokers(loadConfig(z.object(brokerVariables), environment));

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('presence chooses', () => {
  test('without addresses there is no broker, whatever else is set', () => {
    expect(read({ KAFKA_TLS: 'true', UAPI_PREFIX: 'mine', RL_REDIS_TIMEOUT_MS: '20' })).toEqual({});
  });

  test('an address is a broker, with the prefix of both', () => {
    expect(read({ KAFKA_BROKERS: 'a:9092, b:9093', REDIS_URL: 'redis://c', UAPI_PREFIX: 'mine' })).toEqual({
      kafka: { brokers: ['a:9092', 'b:9093'], prefix: 'mine', tls: false, createsTopics: true },
      redis: { url: 'redis://c', prefix: 'mine', timeoutMs: 50 },
    });
  });

  test('a login, TLS and the ways of topics reach Kafka', () => {
    const environment = {
      KAFKA_BROKERS: '[::1]:9092',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_USERNAME: 'us',
      KAFKA_PASSWORD: 'secret',
      KAFKA_CREATE_TOPICS: 'false',
      KAFKA_REPLICATION: '2',
    };
    expect(read(environment).kafka).toEqual({
      brokers: ['[::1]:9092'],
      prefix: 'uapi',
      tls: true,
      sasl: { mechanism: 'scram-sha-512', username: 'us', password: 'secret' },
      createsTopics: false,
      replication: 2,
    });
  });
});

describe('refused, with the variable named', () => {
  test.each([
    ['KAFKA_BROKERS', { KAFKA_BROKERS: 'kafka' }],
    ['KAFKA_TLS', { KAFKA_TLS: 'yes' }],
    ['KAFKA_SASL_MECHANISM', { KAFKA_SASL_MECHANISM: 'gssapi' }],
    ['KAFKA_REPLICATION', { KAFKA_REPLICATION: '0' }],
    ['KAFKA_CREATE_TOPICS', { KAFKA_CREATE_TOPICS: '1' }],
    ['UAPI_PREFIX', { UAPI_PREFIX: 'Ü' }],
    ['REDIS_URL', { REDIS_URL: 'http://redis' }],
    ['RL_REDIS_TIMEOUT_MS', { RL_REDIS_TIMEOUT_MS: '4' }],
  ])('%s', (variable, environment) => {
    expect(problemsOf(environment).map((line) => line.split(':')[0])).toEqual([variable]);
  });

  test('a login at the brokers that is not whole', () => {
    expect(problemsOf({ KAFKA_BROKERS: 'a:1', KAFKA_USERNAME: 'us' })).toEqual([
      'KAFKA_SASL_MECHANISM: is not set; a login at the brokers needs all three',
      'KAFKA_PASSWORD: is not set; a login at the brokers needs all three',
    ]);
  });
});
