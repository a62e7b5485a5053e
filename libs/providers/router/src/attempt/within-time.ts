/** The time given to some work was over. */
export class TimeUp extends Error {
  constructor() {
    super('its time was over');
    this.name = 'TimeUp';
  }
}

/**
 * Does some work under a signal of its own, which is aborted when `limitMs` are over or `outer` is. Ends at once then,
 * even if the work does not: with `TimeUp`, or the reason of `outer`.
 */
export function withinTime<T>(
  limitMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (outer.aborted) return Promise.reject(outer.reason);
  if (limitMs <= 0) return Promise.reject(new TimeUp());
  return new Promise((resolve, reject) => {
    const inner = new AbortController();
    const stop = (reason: unknown) => {
      leave();
      reject(reason);
      inner.abort(reason);
    };
    const stopOuter = () => stop(outer.reason);
    const timer = setTimeout(() => stop(new TimeUp()), limitMs);
    const leave = () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', stopOuter);
    };
    outer.addEventListener('abort', stopOuter);
    work(inner.signal).then(
      (value) => {
        leave();
        resolve(value);
      },
      (error: unknown) => {
        leave();
        reject(error);
      },
    );
  });
}
