const sweptPerBucket = 2;
const lookedAtForEviction = 16;

/** One bucket; whoever holds it may move its TAT (the time at which it will be empty, µs). */
export interface Bucket {
  tatUs: number;
}

/** The buckets of one process, by policy and partition. */
export interface BucketTable {
  find(policy: string, partition: string): Bucket | undefined;
  /** Adds a bucket that `find` did not find. May drop others: empty ones, or when full one in use. */
  add(policy: string, partition: string, tatUs: number, nowUs: number): void;
  size(): number;
}

/**
 * A bounded table of buckets. Empty ones are worth nothing and are swept as new ones come, two looked at for each, so no
 * call ever pays for a whole sweep and no timer runs. In a table full of buckets in use a new one pushes out, of sixteen
 * looked at, the one that would be empty first: what is forgotten is the least.
 */
export function createBucketTable(maxBuckets: number): BucketTable {
  // A map per policy: one map under joined keys costs four times as much, for making and hashing the keys.
  const shelves = new Map<string, Map<string, Bucket>>();
  let size = 0;
  let hand = walk(shelves);

  /** Looks at the next buckets in turn, drops the empty ones, gives the one in use that will be empty first. */
  function sweep(count: number, nowUs: number): Place | undefined {
    let soonest: Place | undefined;
    for (let looked = 0; looked < count; looked += 1) {
      const next = hand.next();
      if (next.done) hand = walk(shelves);
      else if (next.value.bucket.tatUs <= nowUs) drop(next.value);
      else if (!soonest || next.value.bucket.tatUs < soonest.bucket.tatUs) soonest = next.value;
    }
    return soonest;
  }
  function drop({ shelf, partition }: Place): void {
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
    add(policy, partition, tatUs, nowUs) {
      makeRoom(nowUs);
      const shelf = shelves.get(policy) ?? new Map<string, Bucket>();
      shelves.set(policy, shelf);
      shelf.set(partition, { tatUs });
      size += 1;
    },
    size: () => size,
  };
}

interface Place {
  readonly shelf: Map<string, Bucket>;
  readonly partition: string;
  readonly bucket: Bucket;
}

function* walk(shelves: ReadonlyMap<string, Map<string, Bucket>>): Generator<Place, void> {
  for (const shelf of shelves.values()) {
    for (const [partition, bucket] of shelf) yield { shelf, partition, bucket };
  }
}
