import { within } from './group/within.ts';

/** Starts a timer and gives back what ends it. */
export type StartTimer = (run: () => void, ms: number) => () => void;

/** How a buffer is bounded, and where its batches go. */
export interface BufferSettings<Item> {
  /** Items it holds at most, those on their way included. */
  readonly capacity: number;
  /** Items of one batch, at most. */
  readonly batchSize: number;
  /** Longest time that an item waits for its batch to fill, ms. */
  readonly waitMs: number;
  /** Writes one batch whole or rejects; what was rejected is kept and written again, in the same order. */
  readonly write: (batch: readonly Item[]) => Promise<void>;
  /** Told of items that found no room, or were still there at the end. */
  readonly onDropped: (count: number) => void;
  /** Told of a batch that was not written, with how often that has now happened in a row. */
  readonly onFailed?: (error: unknown, times: number) => void;
  readonly startTimer?: StartTimer;
  /** Longest time that `close` waits, ms; absent: 5 s. */
  readonly closeMs?: number;
}

/** Items on their way to a place that may be away. */
export interface BatchBuffer<Item> {
  /** Takes an item; false when there is no room, and then it is counted as dropped. Never waits, never throws. */
  add(item: Item): boolean;
  /** Items that are neither written nor dropped. */
  size(): number;
  /** Writes now what is there; resolves once it is written, or once a batch failed. */
  flush(): Promise<void>;
  /** Takes nothing more and writes what is there; what cannot be written in a few tries and in time is dropped and counted. */
  close(): Promise<void>;
}

/** Wait after the first failure and after many, ms. */
const firstRetryMs = 100;
const longestRetryMs = 2_000;
const lastTries = 3;

/**
 * A bounded buffer in front of a slow writer: one batch under way at a time, in the order of `add`, so that what comes
 * out is what went in. When it is full the newest is refused, since the older ones tell how the trouble began.
 */
export function createBatchBuffer<Item>(settings: BufferSettings<Item>): BatchBuffer<Item> {
  const { capacity, batchSize, waitMs, write, onDropped, onFailed } = settings;
  const { startTimer = realTimer, closeMs = 5_000 } = settings;
  const items: Item[] = [];
  let failures = 0;
  let isClosed = false;
  /** Callers who want the last item written too, not only full batches. */
  let flushing = 0;
  let endTimer: (() => void) | undefined;
  let underWay: Promise<void> | undefined;

  function stopWaiting(): void {
    endTimer?.();
    endTimer = undefined;
  }

  function writeIn(ms: number): void {
    endTimer ??= startTimer(() => {
      endTimer = undefined;
      void run();
    }, ms);
  }

  async function writeBatches(): Promise<void> {
    do {
      const batch = items.slice(0, batchSize);
      try {
        await write(batch);
      } catch (error) {
        failures += 1;
        onFailed?.(error, failures);
        return;
      }
      failures = 0;
      items.splice(0, batch.length);
    } while (items.length >= (flushing > 0 ? 1 : batchSize));
  }

  function run(): Promise<void> {
    underWay ??= writeBatches().finally(() => {
      underWay = undefined;
      if (isClosed || items.length === 0) return;
      writeIn(failures === 0 ? waitMs : Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs));
    });
    return underWay;
  }

  async function flush(): Promise<void> {
    flushing += 1;
    try {
      await underWay;
      stopWaiting();
      if (items.length > 0) await run();
    } finally {
      flushing -= 1;
    }
  }

  async function writeRest(): Promise<void> {
    for (let left = lastTries; left > 0 && (items.length > 0 || underWay); left -= 1) {
      await flush();
      if (items.length > 0 && left > 1) await new Promise<void>((resolve) => startTimer(resolve, firstRetryMs));
    }
  }

  return {
    add(item) {
      if (isClosed || items.length >= capacity) {
        onDropped(1);
        return false;
      }
      items.push(item);
      // What comes while a batch is under way, or is waited with after a failure, goes with the next one.
      if (underWay || failures > 0) return true;
      if (items.length < batchSize) {
        writeIn(waitMs);
      } else {
        stopWaiting();
        void run();
      }
      return true;
    },
    size: () => items.length,
    flush,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await within(closeMs, writeRest());
      stopWaiting();
      if (items.length > 0) onDropped(items.splice(0).length);
    },
  };
}

function realTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
