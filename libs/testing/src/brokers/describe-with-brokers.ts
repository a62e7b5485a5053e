import { describe, test } from '@jest/globals';
import { brokerServers, type BrokerServers } from './broker-servers.ts';

/** Stands in for servers that are not there, while Jest collects the names of the tests that it then skips. */
const nowhere: BrokerServers = { redisUrl: 'redis://127.0.0.1:1', kafkaBrokers: ['127.0.0.1:1'] };

/**
 * `describe` for tests that need a real Kafka and Redis. Without servers each of its tests counts as skipped, or, with
 * `INFRA=required`, the suite fails.
 */
export function describeWithBrokers(name: string, body: (servers: BrokerServers) => void): void {
  const servers = brokerServers();
  if (servers) return describe(name, () => body(servers));
  if (process.env['INFRA'] !== 'required') return describe.skip(name, () => body(nowhere));
  describe(name, () => {
    test('runs on a real Kafka and Redis', () => {
      throw new Error('INFRA=required, and UAPI_TEST_REDIS_URL and UAPI_TEST_KAFKA_BROKERS name no servers.');
    });
  });
}
