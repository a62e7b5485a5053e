/** The servers that the broker tests of a run share. */
export interface BrokerServers {
  /** A Redis without eviction; keys carry a random prefix (`randomPrefix`), and nobody flushes it. */
  readonly redisUrl: string;
  /** A Kafka without automatic topics; topics and groups carry a random prefix. */
  readonly kafkaBrokers: string[];
}

/**
 * The shared servers, from `UAPI_TEST_REDIS_URL` and `UAPI_TEST_KAFKA_BROKERS` (comma-separated), which `npm test` and
 * `npm run test:broker` set; undefined where there are none.
 */
export function brokerServers(environment: NodeJS.ProcessEnv = process.env): BrokerServers | undefined {
  const redisUrl = environment['UAPI_TEST_REDIS_URL'];
  const kafkaBrokers = environment['UAPI_TEST_KAFKA_BROKERS']?.split(',').filter((broker) => broker !== '');
  return redisUrl && kafkaBrokers && kafkaBrokers.length > 0 ? { redisUrl, kafkaBrokers } : undefined;
}
