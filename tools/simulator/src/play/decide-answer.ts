import type { EffectiveProfile } from '../profile/profile-table.ts';
import type { FaultKind } from '../profile/profile.ts';
import type { Draw } from './draw.ts';
import { sampleLatency } from './sample-latency.ts';

/** What happens to one call. */
export interface Decision {
  /** Case of the fixtures, or `timeout`: no answer. */
  readonly outcome: 'success' | FaultKind;
  /** From the arrival of the request to the answer, ms. */
  readonly delayMs: number;
  readonly isStalled: boolean;
}

/** Decides over a call that no quota refuses. Pure: the same draws give the same decision. */
export function decideAnswer({ latency, stall, faults }: Omit<EffectiveProfile, 'quotas'>, draw: Draw): Decision {
  const isStalled = stall !== undefined && draw('stall') < stall.probability;
  const delayMs = (latency ? sampleLatency(latency, draw('latency')) : 0) + (isStalled ? stall.ms : 0);
  let place = faults.length > 0 ? draw('fault') : 1;
  for (const { kind, probability } of faults) {
    if (place < probability) return { outcome: kind, delayMs, isStalled };
    place -= probability;
  }
  return { outcome: 'success', delayMs, isStalled };
}
