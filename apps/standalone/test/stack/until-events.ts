import { setTimeout } from 'node:timers/promises';
import type { SeenEvent, TestProduct } from './test-product.ts';

/** The events that are meant, once there are so many; a deadline ends the wait. */
export async function untilEvents(
  { events }: Pick<TestProduct, 'events'>,
  isMeant: (event: SeenEvent) => boolean,
  count = 1,
): Promise<SeenEvent[]> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const meant = (await events.read()).filter(isMeant);
    if (meant.length >= count) return meant;
    if (performance.now() > deadline) throw new Error(`${meant.length} of ${count} events came`);
    await setTimeout(25);
  }
}
