import { startInfra, type InfraPart } from '@universal-api/infra';
import { prepareDatabase } from '@universal-api/database';
import type { Secret } from '@universal-api/config';
import type { StarterConfig } from './config.ts';

/** The servers that the apps share. */
export interface SharedServers {
  /** `DATABASE_URL`, `REDIS_URL`, `KAFKA_BROKERS` for the apps. */
  readonly environment: Readonly<Record<'DATABASE_URL' | 'REDIS_URL' | 'KAFKA_BROKERS', string>>;
  /** Those that were started here, by name. */
  readonly started: readonly string[];
  /** Stops those. */
  stop(): Promise<void>;
}

const login = 'uapi';
const names: Readonly<Record<InfraPart, string>> = { postgres: 'PostgreSQL', redis: 'Redis', kafka: 'Kafka' };

/** Which servers nobody named in the environment. */
export function missingServers(config: StarterConfig): InfraPart[] {
  const given = { postgres: config.DATABASE_URL, redis: config.REDIS_URL, kafka: config.KAFKA_BROKERS[0] };
  return (Object.keys(given) as InfraPart[]).filter((part) => given[part] === undefined);
}

/** Their names, for a sentence. */
export function namesOf(parts: readonly InfraPart[]): string {
  return parts.map((part) => names[part]).join(', ');
}

/**
 * Starts the servers that are not named in the environment, their data in `folder`, and makes the login of the apps.
 * Errors: one sentence for each server that does not start; the others are stopped again.
 */
export async function startServers(config: StarterConfig, folder: string, password: Secret): Promise<SharedServers> {
  const parts = missingServers(config);
  const infra = await startInfra(parts, { folder });
  try {
    const databaseUrl =
      config.DATABASE_URL ??
      (await prepareDatabase(infra.databaseUrl ?? '', { login, password: password.reveal(), database: login }));
    const brokers = config.KAFKA_BROKERS.length > 0 ? config.KAFKA_BROKERS : (infra.kafkaBrokers ?? []);
    return {
      environment: {
        DATABASE_URL: databaseUrl,
        REDIS_URL: config.REDIS_URL ?? infra.redisUrl ?? '',
        KAFKA_BROKERS: brokers.join(','),
      },
      started: parts.map((part) => names[part]),
      stop: infra.stop,
    };
  } catch (error) {
    await infra.stop();
    throw error;
  }
}
