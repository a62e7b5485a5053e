import {
  ConfigError,
  integer,
  list,
  oneOf,
  optionalInteger,
  optionalOneOf,
  optionalSecret,
  optionalText,
  optionalUrl,
  z,
  type Secret,
} from '@universal-api/config';

const brokerShape = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

/** Variables of the servers that join several processes; where one is not set, PostgreSQL or the process itself does its work. */
export const brokerVariables = {
  KAFKA_BROKERS: list()
    .refine((brokers) => brokers.every((broker) => brokerShape.test(broker)), 'host:port, several separated by commas')
    .describe('Brokers of Kafka, host:port, separated by commas; unset: events stay in PostgreSQL.'),
  KAFKA_TLS: oneOf(['true', 'false'], 'false').describe('true: brokers are spoken to by TLS.'),
  KAFKA_SASL_MECHANISM: optionalOneOf(['plain', 'scram-sha-256', 'scram-sha-512']).describe(
    'How we log in at the brokers: plain, scram-sha-256 or scram-sha-512; unset: without a login.',
  ),
  KAFKA_USERNAME: optionalText().describe('Name at the brokers.'),
  KAFKA_PASSWORD: optionalSecret().describe('Password at the brokers.'),
  KAFKA_CREATE_TOPICS: oneOf(['true', 'false'], 'true').describe(
    'Whether the relay makes topics that are not there; false: npm run admin -- topics apply does.',
  ),
  KAFKA_REPLICATION: optionalInteger({ min: 1, max: 10 }).describe(
    'Copies of each partition of a topic that is made; unset: 3, or as many as there are brokers.',
  ),
  UAPI_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'a lower-case letter, then letters, digits, _ or -, 63 at most')
    .default('uapi')
    .describe('What topics, groups and Redis keys begin with.'),
  REDIS_URL: optionalUrl('redis', 'rediss').describe(
    'Redis for cache, limits and jobs; unset: cache and limits in the process, jobs in PostgreSQL.',
  ),
  RL_REDIS_TIMEOUT_MS: integer(50, { min: 5, max: 1_000 }).describe('Longest wait for an answer of Redis, ms.'),
};

/** Variables that are read with those of the brokers beside the policies' own `RL_*`. */
export type BrokerConfig = z.output<z.ZodObject<typeof brokerVariables>>;

/** Where Kafka is, who we are there, and who makes topics. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly tls: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Whether the relay makes topics that are not there. */
  readonly createsTopics: boolean;
  /** Copies of each partition; absent: 3, or as many as there are brokers. */
  readonly replication?: number;
}

/** Where Redis is. */
export interface RedisAccess {
  readonly url: string;
  readonly prefix: string;
  /** Longest time of a command, ms. */
  readonly timeoutMs: number;
}

/** The servers that an app was given; what is absent is done without. */
export interface BrokerSettings {
  readonly kafka?: KafkaAccess;
  readonly redis?: RedisAccess;
}

/** Variables → settings. Errors: `ConfigError` for a login at the brokers that is not whole. */
export function toBrokers(config: BrokerConfig): BrokerSettings {
  const { UAPI_PREFIX: prefix, REDIS_URL: url } = config;
  const sasl = saslOf(config);
  return {
    ...(config.KAFKA_BROKERS.length > 0 && {
      kafka: {
        brokers: config.KAFKA_BROKERS,
        prefix,
        tls: config.KAFKA_TLS === 'true',
        ...(sasl && { sasl }),
        createsTopics: config.KAFKA_CREATE_TOPICS === 'true',
        ...(config.KAFKA_REPLICATION !== undefined && { replication: config.KAFKA_REPLICATION }),
      },
    }),
    ...(url && { redis: { url, prefix, timeoutMs: config.RL_REDIS_TIMEOUT_MS } }),
  };
}

function saslOf(config: BrokerConfig): KafkaAccess['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = config;
  const given: Readonly<Record<string, string | Secret | undefined>> = {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_USERNAME: username,
    KAFKA_PASSWORD: password,
  };
  const missing = Object.keys(given).filter((name) => given[name] === undefined);
  if (missing.length === Object.keys(given).length) return undefined;
  if (mechanism === undefined || username === undefined || password === undefined) {
    throw new ConfigError(missing.map((name) => `${name}: is not set; a login at the brokers needs all three`));
  }
  return { mechanism, username, password: password.reveal() };
}
