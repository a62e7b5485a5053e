/** What became of a ring. */
export type WakeResult = 'sent' | 'failed' | 'dropped';

/** How a ring is sent, and who is told what became of it. */
export interface Wake {
  send(): Promise<unknown>;
  report(result: WakeResult, error?: unknown): void;
}

/** Rings on their way to the store. */
export interface Wakes {
  ring(id: string, wake: Wake): void;
  /** No ring is taken any more. */
  close(): void;
}

const maxPending = 1_000;

/**
 * Sends rings without anybody waiting for them. While one of an id is on its way, all further ones of that id become one more after
 * it: the first may already have been carried out. A store that does not answer holds a thousand at most.
 */
export function createWakes(): Wakes {
  const pending = new Map<string, { isAgain: boolean }>();
  let isClosed = false;

  const send = async (id: string, wake: Wake, state: { isAgain: boolean }) => {
    do {
      state.isAgain = false;
      try {
        await wake.send();
        wake.report('sent');
      } catch (error) {
        // Counted, and otherwise nothing: the tick finds what this would have woken.
        wake.report('failed', error);
      }
    } while (state.isAgain && !isClosed);
    pending.delete(id);
  };
  return {
    ring(id, wake) {
      if (isClosed) return wake.report('dropped');
      const state = pending.get(id);
      if (state) return void (state.isAgain = true);
      if (pending.size >= maxPending) return wake.report('dropped');
      const fresh = { isAgain: false };
      pending.set(id, fresh);
      void send(id, wake, fresh);
    },
    close: () => void (isClosed = true),
  };
}
