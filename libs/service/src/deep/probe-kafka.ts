import type { Kafka } from '../brokers/open-kafka.ts';
import type { OwnedParts } from '../owned-parts.ts';
import type { Dependency, Finding } from './dependency.ts';

/** Records that a group may be behind before it is said. */
const manyRecords = 100_000;

/** Kafka by the metadata of our topics and the lag of our groups. Events wait in the log while it is away. */
export async function kafkaDependency({ client }: Kafka, owned: OwnedParts): Promise<Dependency> {
  const { createKafkaGauge } = await import('@universal-api/events/kafka');
  const gauge = owned.own('kafka gauge', createKafkaGauge(client));
  return {
    name: 'kafka',
    without: 'degraded',
    async probe(): Promise<Finding | undefined> {
      const state = await gauge.measure().catch(() => undefined);
      if (!state) return { status: 'degraded', detailCode: 'unreachable' };
      const { missing, leaderless, lagOf } = state;
      if (missing.length > 0) return { status: 'degraded', detailCode: 'topics_missing' };
      if (leaderless > 0) return { status: 'degraded', detailCode: 'partitions_without_leader' };
      const isBehind = [...lagOf.values()].some((lag) => lag > manyRecords);
      return isBehind ? { status: 'degraded', detailCode: 'behind' } : undefined;
    },
  };
}
