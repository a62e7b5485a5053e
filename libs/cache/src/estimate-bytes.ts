const headerBytes = 16;
const slotBytes = 8;

/**
 * About how much memory plain data takes, bytes: enough to bound a cache, not to account for one. Strings count two bytes a
 * character, since one letter outside Latin-1 makes them so.
 */
export function estimateBytes(value: unknown): number {
  if (typeof value === 'string') return headerBytes + 2 * value.length;
  if (typeof value !== 'object' || value === null) return slotBytes;
  if (ArrayBuffer.isView(value)) return headerBytes + value.byteLength;
  let bytes = headerBytes;
  if (Array.isArray(value)) {
    for (const item of value) bytes += slotBytes + estimateBytes(item);
    return bytes;
  }
  // Keys are shared between objects of one shape: only their slots count.
  for (const item of Object.values(value)) bytes += slotBytes + estimateBytes(item);
  return bytes;
}
