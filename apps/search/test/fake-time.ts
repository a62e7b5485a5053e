import type { ScatterClock } from '../src/scatter/collect-until.ts';

/** Time that stands until it is moved. */
export interface FakeTime extends ScatterClock {
  /** Moves on, calling what is due in order; promises settle in between. */
  pass(ms: number): Promise<void>;
  /** How many calls are still to come. */
  pending(): number;
}

/** A clock for tests, at 0. */
export function createFakeTime(): FakeTime {
  let time = 0;
  const due = new Map<object, { readonly at: number; readonly call: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    now: () => time,
    after(ms, call) {
      const key = {};
      due.set(key, { at: time + Math.max(0, ms), call });
      return () => void due.delete(key);
    },
    async pass(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const [next] = [...due].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at);
        if (!next) break;
        const [key, { at, call }] = next;
        due.delete(key);
        time = at;
        call();
        await settle();
      }
      time = end;
      await settle();
    },
    pending: () => due.size,
  };
}
