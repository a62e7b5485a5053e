import { AppError } from '@universal-api/errors';
import { applyTopics, createKafkaClient, type AppliedTopics, type KafkaSettings } from '@universal-api/events/kafka';
import { once } from 'node:events';
import { connect } from 'node:net';

const reachMs = 5_000;

/**
 * Makes the topics of the product that are not there, and reads all of them back; see `applyTopics`.
 * Errors: those of `applyTopics`; `service_unavailable` when no broker takes a connection within 5 s.
 */
export async function applyProductTopics(
  settings: KafkaSettings,
  replication: number | undefined,
): Promise<AppliedTopics> {
  const client = createKafkaClient(settings);
  await reachAny(settings.brokers);
  return applyTopics(client, { replication });
}

/** The client would try for a minute before it says so. */
async function reachAny(brokers: readonly string[]): Promise<void> {
  try {
    await Promise.any(brokers.map(reach));
  } catch (error) {
    const [cause] = error instanceof AggregateError ? error.errors : [error];
    throw new AppError('service_unavailable', {
      internal: `No broker of ${brokers.join(', ')} can be reached.`,
      cause,
    });
  }
}

async function reach(broker: string): Promise<void> {
  const at = broker.lastIndexOf(':');
  const host = broker.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(broker.slice(at + 1)) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(reachMs) });
  } finally {
    socket.on('error', () => {}).destroy();
  }
}
