/** Sorted names as compiled data: all of them in UTF-8, one after the other, and where each begins. */
export interface SortedNames {
  readonly size: number;
  /** Position of the first name that is not before `name`, in order of UTF-8 bytes; `size` if there is none. */
  firstFrom(name: string): number;
  at(position: number): string;
}

/** Names as they are written: both sections, and the position that each name had before it was sorted. */
export interface PackedNames {
  readonly text: Uint8Array;
  /** `Uint32Array`, one more than there are names. */
  readonly offsets: Uint8Array;
  readonly order: readonly number[];
}

/** Sorts names by their UTF-8 bytes and packs them. */
export function packNames(names: readonly string[]): PackedNames {
  const sorted = names
    .map((name, position) => ({ bytes: Buffer.from(name), position }))
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes));
  const offsets = new Uint32Array(sorted.length + 1);
  for (const [index, { bytes }] of sorted.entries()) offsets[index + 1] = (offsets[index] ?? 0) + bytes.byteLength;
  return {
    text: Buffer.concat(sorted.map(({ bytes }) => bytes)),
    offsets: new Uint8Array(offsets.buffer),
    order: sorted.map(({ position }) => position),
  };
}

/** Names over the two sections that `packNames` gave; nothing is copied, a look-up makes no string. */
export function openNames(text: ArrayBuffer, offsets: ArrayBuffer): SortedNames {
  const bytes = Buffer.from(text);
  const starts = new Uint32Array(offsets);
  const size = starts.length - 1;
  const bounds = (position: number) => [starts[position] ?? 0, starts[position + 1] ?? 0] as const;
  return {
    size,
    firstFrom(name) {
      const wanted = Buffer.from(name);
      let low = 0;
      let high = size;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const [start, end] = bounds(middle);
        if (bytes.compare(wanted, 0, wanted.length, start, end) < 0) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    at(position) {
      const [start, end] = bounds(position);
      return bytes.toString('utf8', start, end);
    },
  };
}
