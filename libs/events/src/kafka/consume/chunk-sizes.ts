import { maxBatchEvents } from '../../event-bus.ts';

/** How many records the next chunk of a partition has. */
export interface ChunkSize {
  current(): number;
  /** A chunk of so many failed: the next has half of them. */
  afterFailure(count: number): void;
  /** A chunk of so many is done: the next has half of them after a long one, else twice as many. */
  afterDone(count: number, tookMs: number): void;
}

/** The size of each partition, by its topic's name on Kafka. */
export type ChunkSizes = (topic: string, partition: number) => ChunkSize;

const longChunkMs = 1_000;

/** The sizes of one consumer. They outlive a fetched batch, since a partition that rests is fetched again from the same place. */
export function createChunkSizes(): ChunkSizes {
  const sizes = new Map<string, ChunkSize>();
  return (topic, partition) => {
    const name = `${topic}/${partition}`;
    const size = sizes.get(name) ?? createSize();
    sizes.set(name, size);
    return size;
  };
}

function createSize(): ChunkSize {
  let size: number = maxBatchEvents;
  const halve = (count: number) => {
    size = Math.max(1, Math.ceil(count / 2));
  };
  return {
    current: () => size,
    afterFailure: halve,
    afterDone(count, tookMs) {
      if (tookMs > longChunkMs) halve(count);
      else if (count === size) size = Math.min(maxBatchEvents, size * 2);
    },
  };
}
