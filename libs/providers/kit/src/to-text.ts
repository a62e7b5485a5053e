/** A text as answers carry it: NFC, trimmed; undefined for what is no text or has nothing in it. */
export function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.normalize('NFC').trim() || undefined;
}
