/** What brokers say of a record that they would refuse for ever. */
const contentErrors = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);

/** Whether a broker refused what it was sent, and not for a reason that passes. After its tries kafkajs has that as the cause. */
export function isAboutContent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('type' in error && contentErrors.has(String(error.type))) return true;
  return 'cause' in error && isAboutContent(error.cause);
}
