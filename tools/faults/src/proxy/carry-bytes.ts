import type { Socket } from 'node:net';

/** How bytes travel through the proxy now; shared by all its connections and changed at any time. */
export interface Weather {
  /** Bytes arrive this much later, in ms, in either direction; 0 = at once. */
  delayMs: number;
  /** In either direction of each connection; Infinity = as fast as they come. */
  bytesPerSecond: number;
  /** Nothing goes on, in neither direction. */
  isSilent: boolean;
}

/** One direction of a connection. */
export interface Way {
  /** Looks again what may go on. */
  wake(): void;
  stop(): void;
}

/** So much may be under way before the sender is slowed down; a network holds something too. */
const bufferBytes = 256 * 1_024;
/** A limited rate sends a piece this often. */
const piecesPerSecond = 20;

/**
 * Carries the bytes of one socket to another, in order, the end included: each piece has a time at which it may arrive. A slow
 * reader, a rate or a silence slows the writer down once the buffer is full.
 */
export function carryBytes(from: Socket, to: Socket, weather: Weather): Way {
  const pieces: { bytes: Buffer; dueAt: number }[] = [];
  let held = 0;
  let sentUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let isFull = false;
  let hasEnded = false;

  const take = (chunk: Buffer) => {
    const size = Math.max(1, Math.ceil(weather.bytesPerSecond / piecesPerSecond));
    for (let at = 0; at < chunk.length; at += size) {
      const bytes = chunk.subarray(at, Math.min(chunk.length, at + size));
      sentUntil = Math.max(sentUntil, performance.now()) + (bytes.length / weather.bytesPerSecond) * 1_000;
      pieces.push({ bytes, dueAt: sentUntil + weather.delayMs });
    }
    held += chunk.length;
    if (held >= bufferBytes) from.pause();
    wake();
  };
  const wake = () => {
    clearTimeout(timer);
    while (!weather.isSilent && !isFull && !to.destroyed) {
      const [head] = pieces;
      if (!head) {
        if (hasEnded) to.end();
        break;
      }
      const waitMs = head.dueAt - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(wake, waitMs);
        break;
      }
      pieces.shift();
      held -= head.bytes.length;
      isFull = !to.write(head.bytes);
    }
    if (held < bufferBytes && !weather.isSilent) from.resume();
  };
  from.on('data', take);
  from.on('end', () => {
    hasEnded = true;
    wake();
  });
  to.on('drain', () => {
    isFull = false;
    wake();
  });
  return { wake, stop: () => clearTimeout(timer) };
}
