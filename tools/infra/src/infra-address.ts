/** The servers that the distributed product needs. */
export const infraParts = ['postgres', 'redis', 'kafka'] as const;
export type InfraPart = (typeof infraParts)[number];

/** Where the started parts listen; a part that was not asked for is absent. */
export interface InfraAddress {
  /** `DATABASE_URL` of the superuser; secret, it has the password in it. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** `KAFKA_BROKERS`, not yet joined. */
  readonly kafkaBrokers?: readonly string[];
}
