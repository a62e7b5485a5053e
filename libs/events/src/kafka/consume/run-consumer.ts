import type { Consumer, EachBatchPayload } from 'kafkajs';
import { createPause } from '../../group/pause.ts';
import { within } from '../../group/within.ts';

/** How a consumer is made and kept. */
export interface ConsumerParts {
  /** Makes one that is not connected. */
  readonly createConsumer: () => Consumer;
  /** Names of topics on Kafka. */
  readonly topics: readonly string[];
  /** Works a batch off. `generation()` grows with each rebalance. */
  readonly eachBatch: (payload: EachBatchPayload, generation: () => number) => Promise<void>;
  /** Told of each end that was not asked for. */
  readonly onCrash: (error: unknown) => void;
  /** Milliseconds of a clock that only grows. */
  readonly now?: () => number;
  readonly waitFactor?: number;
}

/** A consumer that is rebuilt as often as it dies. */
export interface RunningConsumer {
  /** False from the third crash within five minutes on, as long as there are three. */
  isHealthy(): boolean;
  stop(): Promise<void>;
}

const rebuildMs = 5_000;
const crashWindowMs = 300_000;
const crashesOfIllness = 3;
/** What a start that still waits for a broker gets to end by itself when everything stops. */
const abandonMs = 1_000;
/** What a consumer gets to say goodbye; a broker that does not answer would hold it for half a minute. */
const leaveMs = 5_000;
const partitionsAtOnce = 3;

/**
 * Keeps a consumer with manual offsets running. kafkajs restarts one by itself after errors that it calls retriable; after
 * others it is dead and silent, and another takes its place 5 s later.
 */
export function runConsumer(parts: ConsumerParts): RunningConsumer {
  const { onCrash, now = () => performance.now(), waitFactor = 1 } = parts;
  const pause = createPause();
  const stopping = Promise.withResolvers<void>();
  const crashes: number[] = [];
  let isStopped = false;

  const run = async () => {
    while (!isStopped) {
      const consumer = parts.createConsumer();
      let isEnded = false;
      const starting = start(consumer, parts, () => isEnded);
      const end = await Promise.race([stopping.promise, starting.then((life) => life.ended).catch(asAway)]);
      if (!isStopped && end) {
        // A broker that is away is no fault of this consumer's.
        if (end.isCrash) crashes.push(now());
        onCrash(end.error);
      }
      isEnded = true;
      await leave(consumer, starting);
      if (!isStopped) await pause.begin(rebuildMs * waitFactor, true);
    }
  };
  const running = run();
  return {
    isHealthy() {
      while ((crashes[0] ?? Number.POSITIVE_INFINITY) < now() - crashWindowMs) crashes.shift();
      return crashes.length < crashesOfIllness;
    },
    async stop() {
      isStopped = true;
      stopping.resolve();
      pause.stop();
      await running;
    },
  };
}

/** How a consumer ended that was not asked to. */
interface End {
  readonly error: unknown;
  /** False: it never started, for want of a broker. */
  readonly isCrash: boolean;
}

const asAway = (error: unknown): End => ({ error, isCrash: false });

/** Connects, subscribes and runs; `ended` resolves with the error of a crash that kafkajs does not restart from. */
async function start(
  consumer: Consumer,
  parts: ConsumerParts,
  isEnded: () => boolean,
): Promise<{ readonly ended: Promise<End> }> {
  const { promise: ended, resolve } = Promise.withResolvers<End>();
  let generation = 0;
  // kafkajs sets the timer of a restart right after this event, and may join again though it was told to leave.
  const leaveAgain = () => {
    if (isEnded()) setImmediate(() => void consumer.disconnect().catch(() => {}));
  };
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) resolve({ error: payload.error, isCrash: true });
    leaveAgain();
  });
  consumer.on(consumer.events.FETCH_START, leaveAgain);
  consumer.on(consumer.events.GROUP_JOIN, () => void generation++);
  consumer.on(consumer.events.REBALANCING, () => void generation++);
  await consumer.connect();
  // A new group begins with the oldest record; the inbox makes reading again harmless.
  await consumer.subscribe({ topics: [...parts.topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: partitionsAtOnce,
    eachBatch: (payload) => parts.eachBatch(payload, () => generation),
  });
  return { ended };
}

/** Leaves the group once the batches in work have ended. One that is still looking for a broker is left to give up by itself. */
async function leave(consumer: Consumer, starting: Promise<unknown>): Promise<void> {
  const settled = starting.then(
    () => true,
    () => true,
  );
  const isSettled = await within(abandonMs, settled);
  // It is not used any more, and a broker that is away has nothing to be told.
  const disconnect = () => consumer.disconnect().catch(() => {});
  if (isSettled) await within(leaveMs, disconnect());
  else void settled.then(disconnect);
}
