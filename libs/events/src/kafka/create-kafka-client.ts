import { AppError } from '@universal-api/errors';
import type { Logger } from '@universal-api/logging';
import {
  type Admin,
  type Consumer,
  Kafka,
  type KafkaConfig,
  logLevel,
  Partitioners,
  type Producer,
  type SASLOptions,
} from 'kafkajs';
import { isIP, type Socket, connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Topic } from '../catalogue/define-event.ts';
import { createKafkaLogging } from './kafka-logging.ts';

/** A topic of ours on Kafka: those of the catalogue, and the one of dead letters. */
export type KafkaTopic = Topic | 'uapi.dlq.v1';

/** Where Kafka is, and who we are there. */
export interface KafkaSettings {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  /** `UAPI_PREFIX`: what topics and groups begin with. */
  readonly prefix: string;
  /** Names the client to the brokers: `search`. */
  readonly service: string;
  /** Whether brokers are spoken to by TLS; `ca` is a PEM that replaces the public authorities. */
  readonly tls?: boolean | { readonly ca: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  readonly log: Logger;
}

/** Makes connections to one Kafka, all with the same settings; opens nothing by itself. */
export interface KafkaClient {
  readonly prefix: string;
  /** Name of a topic there: `uapi.search.v1` → `<prefix>.search.v1`. */
  topicName(topic: KafkaTopic): string;
  /** The topic of the catalogue behind a name there; undefined for one that does not begin with the prefix. */
  topicOf(name: string): KafkaTopic | undefined;
  /** `webhook.fanout` → `<prefix>.webhook.fanout`. */
  groupName(group: string): string;
  producer(): Producer;
  /** A consumer of the group with this whole name. */
  consumer(groupId: string): Consumer;
  /** `brief`: gives a broker up within seconds where nothing listens, for whoever tries again. */
  admin(patience?: 'brief'): Admin;
}

/** Always handed over: with NODE_ENV=test kafkajs has other defaults. */
export const kafkaRetry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 30 } as const;

/** For whoever tries again by himself, and would rather know soon. */
const briefRetry = { ...kafkaRetry, retries: 4 };

const ownPrefix = 'uapi';

/** A client of a Kafka. Errors: `internal` for settings without broker or with a prefix that is no name. */
export function createKafkaClient(settings: KafkaSettings): KafkaClient {
  const { prefix } = settings;
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(prefix)) throw refusal(`"${prefix}" is no prefix of topics.`);
  if (settings.brokers.length === 0) throw refusal('Kafka needs at least one broker.');
  const config = toKafkaConfig(settings);
  const kafka = new Kafka(config);
  // How often a connection is tried is the whole client's setting, and not that of a producer or an admin.
  const briefKafka = new Kafka({ ...config, retry: briefRetry });
  return {
    prefix,
    topicName: (topic) => `${prefix}${topic.slice(ownPrefix.length)}`,
    topicOf: (name) =>
      name.startsWith(`${prefix}.`) ? (`${ownPrefix}${name.slice(prefix.length)}` as KafkaTopic) : undefined,
    groupName: (group) => `${prefix}.${group}`,
    producer: () =>
      briefKafka.producer({
        // What is not sent after five tries is sent again by whoever sends; nothing is reordered, since one send is in flight.
        retry: { ...kafkaRetry, retries: 5 },
        createPartitioner: Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
        idempotent: false,
        maxInFlightRequests: 1,
      }),
    consumer: (groupId) =>
      kafka.consumer({
        groupId,
        retry: kafkaRetry,
        sessionTimeout: 10_000,
        heartbeatInterval: 1_000,
        rebalanceTimeout: 15_000,
        maxWaitTimeInMs: 200,
        minBytes: 1,
        maxBytesPerPartition: 1_048_576,
        allowAutoTopicCreation: false,
      }),
    admin: (patience) =>
      patience === 'brief' ? briefKafka.admin({ retry: briefRetry }) : kafka.admin({ retry: kafkaRetry }),
  };
}

/** The settings in the words of kafkajs; exported for tests. */
export function toKafkaConfig({ brokers, service, tls = false, sasl, log }: KafkaSettings): KafkaConfig {
  return {
    clientId: `uapi-${service}`,
    brokers: [...brokers],
    ssl: typeof tls === 'object' ? { ca: tls.ca } : tls,
    // One shape for three mechanisms, which kafkajs lists one by one.
    ...(sasl && { sasl: sasl as SASLOptions }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    logLevel: log.isEnabled('debug') ? logLevel.INFO : logLevel.WARN,
    logCreator: createKafkaLogging(log),
    retry: kafkaRetry,
    socketFactory: ({ host, port, ssl, onConnect }) => {
      const name = isIP(host) === 0 ? { servername: host } : {};
      const socket: Socket = ssl
        ? connectTls({ host, port, ...name, ...ssl }, onConnect)
        : connectTcp({ host, port }, onConnect);
      return socket.setKeepAlive(true, 60_000).setNoDelay(true);
    },
  };
}

function refusal(internal: string): AppError {
  return new AppError('internal', { internal });
}
