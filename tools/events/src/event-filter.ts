import type { Event, Topic } from '@universal-api/events';

/** Which events are shown: those that meet all of it. */
export interface EventFilter {
  /** Names of types; one that ends in `*` takes all that begin so. Empty: all. */
  readonly types: readonly string[];
  readonly topics: readonly Topic[];
  readonly tenantId?: string;
  readonly subject?: string;
}

/** Whether an event meets a filter, its topics aside, by which the reader chooses. */
export function isMeant({ types, tenantId, subject }: EventFilter, event: Event): boolean {
  return (
    (types.length === 0 || types.some((type) => isOfType(type, event.type))) &&
    (tenantId === undefined || event.tenantId === tenantId) &&
    (subject === undefined || event.subject === subject)
  );
}

function isOfType(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
