/** Lets callers that want the same thing at the same time share one call. */
export interface SingleFlight<T> {
  /**
   * Joins the running call of this key, or makes it. All who joined get the same value or the same error.
   * A caller whose `signal` is aborted leaves with its reason and the others stay; when the last one has left, the signal
   * handed to `call` is aborted, and a newcomer starts anew. Since the first caller's call serves all, `call` takes its
   * deadline from the shared signal or from itself, never from one caller.
   */
  run(key: string, call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Calls running now. */
  size(): number;
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  callers: number;
}

/** A single flight; holds nothing once a call has ended. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function start(key: string, call: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const result = begin(call, abort.signal);
    const flight: Flight<T> = { result, abort, callers: 0 };
    flights.set(key, flight);
    // Also handles the rejection of a call that everybody has left; those who stayed get it from `result`.
    result.then(land, land);
    return flight;
  }

  function leave(key: string, flight: Flight<T>, reason: unknown): void {
    flight.callers -= 1;
    if (flight.callers > 0) return;
    if (flights.get(key) === flight) flights.delete(key);
    flight.abort.abort(reason);
  }

  return {
    size: () => flights.size,
    run(key, call, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const flight = flights.get(key) ?? start(key, call);
      flight.callers += 1;
      if (!signal) return flight.result;
      return new Promise<T>((resolve, reject) => {
        const abort = () => {
          reject(signal.reason);
          leave(key, flight, signal.reason);
        };
        const stayed = <A>(settle: (outcome: A) => void) => {
          return (outcome: A) => {
            signal.removeEventListener('abort', abort);
            settle(outcome);
          };
        };
        signal.addEventListener('abort', abort, { once: true });
        flight.result.then(stayed(resolve), stayed(reject));
      });
    },
  };
}

/** Turns what `call` throws at once into a rejection. */
async function begin<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return call(signal);
}
