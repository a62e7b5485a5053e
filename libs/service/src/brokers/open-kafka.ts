import type { EventSink } from '@universal-api/events';
import type { KafkaClient } from '@universal-api/events/kafka';
import type { Host } from '../host.ts';
import type { KafkaAccess } from './broker-variables.ts';

/** A Kafka as an app uses it. */
export interface Kafka {
  readonly client: KafkaClient;
  readonly access: KafkaAccess;
}

/** A client of Kafka for a service; opens nothing by itself. The package behind it is read only where there is a Kafka. */
export async function openKafka(access: KafkaAccess, service: string, host: Pick<Host, 'log'>): Promise<Kafka> {
  const { createKafkaClient } = await import('@universal-api/events/kafka');
  const { brokers, prefix, tls, sasl } = access;
  const client = createKafkaClient({
    brokers,
    prefix,
    service,
    tls,
    ...(sasl && { sasl }),
    log: host.log,
  });
  return { client, access };
}

/** Where telemetry goes when there is Kafka; connects with the first batch. */
export async function openTelemetrySink({ client }: Kafka): Promise<EventSink> {
  const { createKafkaSink } = await import('@universal-api/events/kafka');
  return createKafkaSink(client);
}
