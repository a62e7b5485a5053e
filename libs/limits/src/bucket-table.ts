const sweptPerBucket = 2;
const lookedAtForEviction = 16;

/** One bucket; whoever holds it may move its TAT (the time at which it will be empty, µs). */
export interface Bucket {
  tatUs: number;
}

/** The buckets of one process, by policy and partition. */
export interface BucketTable<B extends Bucket = Bucket> {
  find(policy: string, partition: string): B | undefined;
  /** Adds a bucket that `find` did not find. May drop others: empty ones, or when full one in use. */
  add(policy: string, partition: string, bucket: B, nowUs: number): void;
  size(): number;
}

/**
 * A bounded table of buckets. Empty ones are worth nothing and are swept as new ones come, two looked at for each, so no
 * call ever pays for a whole sweep and no timer runs. In a table full of buckets in use a new one pushes out, of sixteen
 * looked at, the one that would be empty first: what is forgotten is the least.
 */
export function createBucketTable<B extends Bucket = Bucket>(maxBuckets: number): BucketTable<B> {
  // A map per policy: one map under joined keys costs four times as much, for making and hashing the keys.
  const shelves = new Map<string, Map<string, B>>();
  let size = 0;
  let hand = walk(shelves);

  /** Looks at the next buckets in turn, drops the empty ones, gives the one in use that will be empty first. */
  function sweep(count: number, nowUs: number): Place<B> | undefined {
    let soonest: Place<B> | undefined;
    for (let looked = 0; looked < count; looked += 1) {
      const next = hand.next();
      if (next.done) hand = walk(shelves);
      else if (next.value.bucket.tatUs <= nowUs) drop(next.value);
      else if (!soonest || next.value.bucket.tatUs < soonest.bucket.tatUs) soonest = next.value;
    }
    return soonest;
  }
  function drop({ shelf, partition }: Place<B>): void {
    if (shelf.delete(partition)) size -= 1;
  }
  function makeRoom(nowUs: number): void {
    sweep(sweptPerBucket, nowUs);
    if (size < maxBuckets) return;
    const soonest = sweep(lookedAtForEviction, nowUs);
    if (size >= maxBuckets && soonest) drop(soonest);
  }

  return {
    find: (policy, partition) => shelves.get(policy)?.get(partition),
    add(policy, partition, bucket, nowUs) {
      makeRoom(nowUs);
      const shelf = shelves.get(policy) ?? new Map<string, B>();
      shelves.set(policy, shelf);
      shelf.set(partition, bucket);
      size += 1;
    },
    size: () => size,
  };
}

interface Place<B> {
  readonly shelf: Map<string, B>;
  readonly partition: string;
  readonly bucket: B;
}

function* walk<B>(shelves: ReadonlyMap<string, Map<string, B>>): Generator<Place<B>, void> {
  for (const shelf of shelves.values()) {
    for (const [partition, bucket] of shelf) yield { shelf, partition, bucket };
  }
}
