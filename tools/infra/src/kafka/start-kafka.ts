import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../process/free-port.ts';
import { leaveFolder, openFolder } from '../process/server-folder.ts';
import { type Server, startServer } from '../server.ts';
import { startOnPort } from '../start-on-port.ts';
import { brokerSettings, logSettings, toProperties } from './broker-settings.ts';
import { fetchKafka } from './fetch-kafka.ts';
import { findJava } from './find-java.ts';
import { formatStorage, removeUnfinished } from './format-storage.ts';

/** How a broker is started. */
export interface KafkaOptions {
  /** Where its log is kept; absent: a folder of its own, removed by `stop`. */
  readonly folder?: string;
  /** On 127.0.0.1; absent or 0: a free one. */
  readonly port?: number;
  /** Largest heap, in MiB; 192 unless told. */
  readonly heapMb?: number;
  /** Further settings of the broker, by their own names. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Kafka of one's own: one broker that is its own controller. */
export interface KafkaServer extends Server {
  /** Its `KAFKA_BROKERS`, one address. */
  readonly brokers: readonly string[];
}

/**
 * Starts a broker that creates no topic by itself. After a kill, `restart` serves again on the same log in some 3 s.
 * Errors: one sentence when Java or the jars cannot be had, the port is taken, or a broker already runs on the folder.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const [java, jars] = await Promise.all([findJava(), fetchKafka()]);
  const folder = openFolder('kafka', options.folder);
  const logFile = join(folder.path, 'log4j2.properties');
  writeFileSync(logFile, toProperties(logSettings));
  const javaOptions = [
    ...['-Xms64m', `-Xmx${options.heapMb ?? 192}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    ...['-XX:+ExitOnOutOfMemoryError', `-Dlog4j2.configurationFile=file:${logFile}`, '-cp', `${jars}/*`],
  ];
  const data = await formatStorage(folder.path, { java, options: javaOptions }).catch((error: unknown) => {
    leaveFolder(folder);
    throw error;
  });
  return startOnPort(folder, options.port, async (port) => {
    const settings = brokerSettings({ port, controllerPort: await freePort(), data }, options.settings ?? {});
    const file = join(folder.path, `server.${port}.properties`);
    writeFileSync(file, toProperties(settings));
    const server = await startServer({
      ...{ name: 'Kafka', folder, port, command: java, words: [...javaOptions, 'kafka.Kafka', file] },
      logFile: join(folder.path, 'kafka.log'),
      isReady: (printed) => printed.includes('Kafka Server started'),
      readyMs: 60_000,
      stopMs: 20_000,
    });
    removeUnfinished(folder.path);
    return Object.assign(server, { brokers: [`127.0.0.1:${port}`] });
  });
}
