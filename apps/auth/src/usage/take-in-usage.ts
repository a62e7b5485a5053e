import type { Append, Subscription } from '@universal-api/events';
import type { AuthTables } from '../store/auth-tables.ts';
import { noteLastUse } from './note-last-use.ts';
import { noteRefusals } from './note-refusals.ts';
import { readUsage } from './refused-calls.ts';
import { tellRefusals } from './tell-refusals.ts';

/**
 * The group that learns from the telemetry what keys were used and which calls were refused, by role `auth_ingest`. The events are
 * telemetry, so what was lost before it came to the bus is not seen here: no limit hangs on it.
 */
export function takeInUsage(append: Append): Subscription<AuthTables> {
  return {
    group: 'auth.usage',
    topics: ['uapi.telemetry.v1'],
    async handle(tx, events) {
      const { used, refused } = readUsage(events);
      await noteLastUse(tx, used);
      await noteRefusals(tx, refused);
      await tellRefusals(tx, append, refused);
    },
  };
}
