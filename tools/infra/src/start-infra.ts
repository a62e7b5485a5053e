import { join } from 'node:path';
import { dockerAnswers } from './docker/docker-answers.ts';
import { startContainer } from './docker/start-containers.ts';
import { type InfraAddress, type InfraPart, infraParts } from './infra-address.ts';
import { startKafka } from './kafka/start-kafka.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { sentenceOf } from './process/sentence-of.ts';
import { startRedis } from './redis/start-redis.ts';

/** Running servers. */
export interface Infra extends InfraAddress {
  /** The same as variables of the product: `DATABASE_URL`, `REDIS_URL`, `KAFKA_BROKERS`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stops all of them, and removes what is not kept. */
  stop(): Promise<void>;
}

/** What is kept, and where. */
export interface InfraOptions {
  /** Keeps the data of each part in a folder of its name below this one, on local servers; absent: nothing is kept. */
  readonly folder?: string;
}

interface Started {
  readonly address: InfraAddress;
  stop(): Promise<void>;
}

/**
 * Starts real servers, at the same time: containers where a Docker engine answers and nothing has to be kept, else processes of
 * this machine on free ports of 127.0.0.1. They end with this process, however that one ends.
 * Errors: one sentence for each part that did not start; the others are stopped again.
 */
export async function startInfra(parts: readonly InfraPart[] = infraParts, options: InfraOptions = {}): Promise<Infra> {
  const start = options.folder === undefined && (await dockerAnswers()) ? startContainer : startLocal;
  const wanted = [...new Set(parts)];
  const results = await Promise.allSettled(wanted.map((part) => start(part, options)));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [sentenceOf(result.reason)] : []));
  if (reasons.length > 0) {
    await stop();
    throw new Error(reasons.join('\n'));
  }
  const address: InfraAddress = Object.assign({}, ...started.map((server) => server.address));
  return { ...address, environment: toEnvironment(address), stop };
}

async function startLocal(part: InfraPart, { folder }: InfraOptions): Promise<Started> {
  const own = folder === undefined ? {} : { folder: join(folder, part) };
  switch (part) {
    case 'postgres': {
      const server = await startPostgres(own);
      return { address: { databaseUrl: server.url }, stop: () => server.stop() };
    }
    case 'redis': {
      const server = await startRedis(own);
      return { address: { redisUrl: server.url }, stop: () => server.stop() };
    }
    case 'kafka': {
      const server = await startKafka(own);
      return { address: { kafkaBrokers: server.brokers }, stop: () => server.stop() };
    }
  }
}

function toEnvironment({ databaseUrl, redisUrl, kafkaBrokers }: InfraAddress): Record<string, string> {
  return {
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...(kafkaBrokers && { KAFKA_BROKERS: kafkaBrokers.join(',') }),
  };
}
