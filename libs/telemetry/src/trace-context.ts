import { randomBytes } from 'node:crypto';

const shape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const zeroTrace = '0'.repeat(32);
const zeroSpan = '0'.repeat(16);

/** Whether a header is a `traceparent` of version 00 (W3C Trace Context, section 3.2). */
export function isTraceparent(header: string | undefined): header is string {
  const match = header === undefined ? null : shape.exec(header);
  return match !== null && match[1] !== zeroTrace && match[2] !== zeroSpan;
}

/** A new root: random ids, not sampled, since nothing records spans yet. */
export function newTraceparent(random: (size: number) => Buffer = randomBytes): string {
  const bytes = random(24).toString('hex');
  return `00-${bytes.slice(0, 32)}-${bytes.slice(32)}-00`;
}

/** The trace id of a `traceparent`. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
