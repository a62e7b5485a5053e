import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** Whether the process is short of breath; then only critical calls get in. */
export interface Strain {
  isStrained(): boolean;
  /** Is told, once a second, the 99th percentile of the event loop's delay, seconds. */
  onLook(listener: (loopDelayS: number) => void): void;
  close(): void;
}

const everyMs = 1_000;
const maxLoopDelayS = 0.2;
const maxHeapShare = 0.85;

/**
 * Looks once a second at the event loop's delay (p99 over 200 ms) and at the heap (over 85 %). Two bad seconds in a row
 * are strain: one alone may be a single pause, and shedding for it would turn a hiccup into refusals.
 */
export function watchStrain(): Strain {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const listeners: ((loopDelayS: number) => void)[] = [];
  let isStrained = false;
  let wasBad = false;
  const timer = setInterval(() => {
    const loopDelayS = delay.percentile(99) / 1e9;
    delay.reset();
    const heap = getHeapStatistics();
    const isBad = loopDelayS > maxLoopDelayS || heap.used_heap_size > maxHeapShare * heap.heap_size_limit;
    isStrained = isBad && wasBad;
    wasBad = isBad;
    for (const listener of listeners) listener(loopDelayS);
  }, everyMs).unref();
  return {
    isStrained: () => isStrained,
    onLook: (listener) => void listeners.push(listener),
    close() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
