import type { Event } from '@universal-api/events';

/** One event on one line for people: time (UTC), type, who, about what, data. */
export function toLine(event: Event): string {
  const { type, version, tenantId, subject, correlationId, isTest, data, time } = event;
  return [
    time.toISOString(),
    `${type}.v${version}`,
    `tenant=${tenantId}`,
    ...(subject === undefined ? [] : [`subject=${printable(subject)}`]),
    ...(correlationId === undefined ? [] : [`request=${printable(correlationId)}`]),
    ...(isTest ? ['test'] : []),
    JSON.stringify(data),
  ].join(' ');
}

/** The same for programs: the envelope by the names of CloudEvents, the data beside it. */
export function toJsonLine(event: Event): string {
  const { id, type, version, topic, source, subject, time, tenantId, traceparent, isTest, data } = event;
  return JSON.stringify({
    id: `evt_${id.replaceAll('-', '')}`,
    type: `${type}.v${version}`,
    topic,
    source,
    subject,
    time: time.toISOString(),
    tenantid: tenantId,
    sequence: event.position.toString().padStart(20, '0'),
    traceparent,
    correlationid: event.correlationId,
    causationid: event.causationId,
    channels: event.channels.length > 0 ? event.channels.join(',') : undefined,
    test: isTest || undefined,
    data,
  });
}

/** What a caller chose must not move the cursor of a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
}
