import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { awaitSlot } from './await-slot.ts';
import type { CallSlots } from './call-slots.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Slots that are free at once; each answer takes as long as is said here, ms. */
function slowSlots(...answerMs: number[]): CallSlots & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    async reserve(_provider, _intervalMs, maxWaitMs) {
      const takesMs = answerMs[asked.length] ?? 0;
      asked.push(maxWaitMs);
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      return 0;
    },
  };
}

function wait(slots: CallSlots): Promise<boolean> {
  const { signal } = new AbortController();
  return awaitSlot({ slots, provider: 'a', intervalMs: 1000, maxWaitMs: 500, signal });
}

describe('a call that waits for its slot', () => {
  test('starts when the slot does', async () => {
    const slots = slowSlots();
    expect(await wait(slots)).toBe(true);
    expect(slots.asked).toEqual([500]);
  });

  test('takes another when it would start too late in its slot, with the time that is left', async () => {
    const slots = slowSlots(80);
    const hasSlot = wait(slots);
    await jest.advanceTimersByTimeAsync(80);
    expect(await hasSlot).toBe(true);
    expect(slots.asked).toEqual([500, 420]);
  });

  test('gives up when its time is over', async () => {
    const slots = slowSlots(300, 300);
    const hasSlot = wait(slots);
    await jest.advanceTimersByTimeAsync(600);
    expect(await hasSlot).toBe(false);
  });
});
