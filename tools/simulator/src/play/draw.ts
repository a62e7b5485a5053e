import { createHash } from 'node:crypto';

/** What a number is drawn for: the same call draws each of its numbers for itself. */
export type DrawFor = 'latency' | 'stall' | 'fault';

/** Draws the numbers of one call, uniform in [0, 1). */
export type Draw = (what: DrawFor) => number;

/**
 * The draws of the n-th call of an operation. They depend on seed, provider, operation and n alone, so neither the order
 * in which calls of different operations arrive nor a changed profile changes what a call draws.
 */
export function drawOf(seed: number, provider: string, operation: string, n: number): Draw {
  return (what) => {
    const digest = createHash('sha256').update(`${seed}|${provider}|${operation}|${n}|${what}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
}
