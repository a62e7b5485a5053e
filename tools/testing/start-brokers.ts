import { startInfra } from '@universal-api/infra';

/** The Kafka and Redis that the broker tests of a run share, or the reason why there are none. */
export interface Brokers {
  /** The variables that `@universal-api/testing/brokers` reads; empty without servers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly missing?: string;
  stop(): Promise<void>;
}

/** Starts them, unless the variables name servers already. */
export async function startBrokers(): Promise<Brokers> {
  const { UAPI_TEST_REDIS_URL: redis, UAPI_TEST_KAFKA_BROKERS: kafka } = process.env;
  if (redis && kafka) return { environment: {}, stop: async () => {} };
  try {
    const infra = await startInfra(['redis', 'kafka']);
    const { redisUrl = '', kafkaBrokers = [] } = infra;
    return {
      environment: { UAPI_TEST_REDIS_URL: redisUrl, UAPI_TEST_KAFKA_BROKERS: kafkaBrokers.join(',') },
      stop: infra.stop,
    };
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error);
    return { environment: {}, missing, stop: async () => {} };
  }
}
