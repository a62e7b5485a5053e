import type { EachBatchPayload } from 'kafkajs';
import { awayRetryMs } from '../../group/storage-failure.ts';

/** Partitions that are not fetched for a while; the group stays alive meanwhile, and keeps nothing of them in memory. */
export interface Rests {
  /** Pauses the partition of a batch and goes on with it by itself: 0.3 to 30 s, longer with every failure in a row. */
  begin(payload: EachBatchPayload): void;
  /** The next rest is a short one again. */
  reset(): void;
  /**
   * Runs the work of a batch. An error of kafkajs comes out, since by it the runner knows that it has to join again or to look for
   * the broker; after any other, which it would take for a reason to die, the partition rests.
   */
  guard(payload: EachBatchPayload, work: () => Promise<void>): Promise<void>;
  /** Forgets all of them: the consumer is another one. */
  clear(): void;
}

/** The rests of one consumer; `onFault` is told of errors that are not kafkajs's. */
export function createRests(waitFactor: number, onFault: (error: unknown) => void): Rests {
  const timers = new Set<NodeJS.Timeout>();
  let failures = 0;
  const begin = (payload: EachBatchPayload) => {
    const resume = payload.pause();
    const waitMs = Math.min(awayRetryMs.first * 2 ** failures++, awayRetryMs.most) * waitFactor;
    const timer = setTimeout(() => {
      timers.delete(timer);
      resume();
    }, waitMs);
    timers.add(timer);
  };
  return {
    begin,
    reset() {
      failures = 0;
    },
    async guard(payload, work) {
      try {
        await work();
      } catch (error) {
        if (error instanceof Error && error.name.startsWith('KafkaJS')) throw error;
        onFault(error);
        begin(payload);
      }
    },
    clear() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
