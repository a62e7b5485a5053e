import { requestCompleted, readPayload, type Event } from '@universal-api/events';
import { systemTenantId } from '@universal-api/ids';
import { readRefusal, type Refusal } from './read-refusal.ts';

/** A call that rate policies refused. */
export interface RefusedCall {
  readonly tenantId: string;
  /** Ours (UUID). */
  readonly callId: string;
  /** As the caller knows it. */
  readonly requestId: string;
  /** Lineage of the key (UUID); absent: a call without a key. */
  readonly keyId?: string;
  readonly at: Date;
  readonly refusals: readonly Refusal[];
}

/** A lineage of keys, and when it was used last. */
export interface UsedLineage {
  readonly tenantId: string;
  readonly lineageId: string;
  readonly at: Date;
}

/** What the telemetry of requests says of use and refusals. */
export interface Usage {
  readonly used: readonly UsedLineage[];
  readonly refused: readonly RefusedCall[];
}

/**
 * Reads it from events of any type. A key was used when it was known, refused or not. Calls of nobody belong to the platform;
 * nobody asks why they were refused, so that a flood of them leaves no rows. Pure.
 */
export function readUsage(events: readonly Event[]): Usage {
  const used = new Map<string, UsedLineage>();
  const refused: RefusedCall[] = [];
  for (const event of events) {
    if (event.type !== requestCompleted.name || event.version !== requestCompleted.version) continue;
    const { tenantId, time: at } = event;
    if (tenantId === systemTenantId) continue;
    const { keyLineage: keyId, callId, requestId, refusals } = readPayload(requestCompleted, event);
    if (keyId !== undefined && (used.get(keyId)?.at ?? 0) < at) used.set(keyId, { tenantId, lineageId: keyId, at });
    const read = refusals.flatMap((text) => readRefusal(text) ?? []);
    if (read.length === 0) continue;
    refused.push({ tenantId, callId, requestId, at, refusals: read, ...(keyId !== undefined && { keyId }) });
  }
  return { used: [...used.values()], refused };
}
