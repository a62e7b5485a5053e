import { randomBytes } from 'node:crypto';
import type { InfraAddress, InfraPart } from '../infra-address.ts';
import { brokerSettings } from '../kafka/broker-settings.ts';
import { kafkaVersion } from '../kafka/kafka-jars.ts';
import { freePort } from '../process/free-port.ts';

/** A server in a container. */
export interface Container {
  readonly address: InfraAddress;
  stop(): Promise<void>;
}

/**
 * Starts one part in a container by testcontainers, whose own watcher removes it when this process dies. Not run by the tests
 * of machines without a Docker engine. Ports are published by Docker, on every address of the host.
 */
export async function startContainer(part: InfraPart): Promise<Container> {
  // Loaded here, since most machines of developers and of CI go without it and it brings half of Docker's client.
  const { GenericContainer, Wait } = await import('testcontainers');
  if (part === 'redis') {
    const started = await new GenericContainer('redis:7.4.6-alpine')
      .withCommand(['redis-server', '--save', '', '--appendonly', 'yes', '--maxmemory', '256mb'])
      .withExposedPorts(6379)
      .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
      .start();
    return {
      address: { redisUrl: `redis://${started.getHost()}:${started.getMappedPort(6379)}` },
      stop: stopOf(started),
    };
  }
  if (part === 'postgres') {
    const password = randomBytes(16).toString('hex');
    const started = await new GenericContainer('postgres:18.4')
      .withEnvironment({ POSTGRES_PASSWORD: password })
      .withCommand(['postgres', '-c', 'max_connections=200'])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start();
    const place = `${started.getHost()}:${started.getMappedPort(5432)}`;
    return { address: { databaseUrl: `postgresql://postgres:${password}@${place}/postgres` }, stop: stopOf(started) };
  }
  // The broker tells its address to clients, so the port of the host has to be known before it starts.
  const port = await freePort();
  const settings = brokerSettings({ port, controllerPort: 9093, data: '/tmp/kafka' }, { listeners: listenersOn(port) });
  const started = await new GenericContainer(`apache/kafka:${kafkaVersion}`)
    .withEnvironment(toEnvironment(settings))
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return { address: { kafkaBrokers: [`127.0.0.1:${port}`] }, stop: stopOf(started) };
}

const listenersOn = (port: number) => `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`;

const stopOf = (started: { stop(): Promise<unknown> }) => async (): Promise<void> => {
  await started.stop();
};

/** The image reads `KAFKA_LOG_DIRS` as `log.dirs`. */
function toEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]),
  );
}
