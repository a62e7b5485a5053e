import { toProblem, type Problem } from '@universal-api/errors';
import type { JsonObject, Message, Registry } from '@universal-api/protos';
import type { Route } from './compile-route.ts';
import { toPublicJson } from './write-unary.ts';

/** How a stream is written. */
export interface StreamFormat {
  readonly contentType: string;
  message(message: Message): string;
  problem(problem: Problem): string;
  /** Says that the connection is alive; empty where the format has no such thing. */
  readonly keepAlive: string;
  /** Says that the server goes away before the end, and when to come again. */
  goodbye(requestId: string): string;
}

/** Milliseconds after which a caller whose stream was ended by a stop comes again. */
const retryMs = 1_000;

/** The format that `Accept` asks for: NDJSON when it is named, else server-sent events. */
export function streamFormatOf(route: Route, accept: string | undefined, registry: Registry): StreamFormat {
  return accept?.includes('application/x-ndjson') ? ndjson(route, registry) : serverSentEvents(route, registry);
}

/**
 * WHATWG HTML, 9.2: `event` is the name of the set oneof member and `data` its JSON, or there is no `event` and `data` is the whole
 * message; `id` is the field that the method's `sse.id_field` names.
 */
function serverSentEvents(route: Route, registry: Registry): StreamFormat {
  const { output } = route.method;
  const [oneof] = output.oneofs;
  const idField = output.fields.find((field) => field.name === route.rules.sse?.idField);
  return {
    contentType: 'text/event-stream; charset=utf-8',
    keepAlive: ': keep-alive\n\n',
    goodbye: () => `retry: ${retryMs}\n\n`,
    problem: (problem) => `event: error\ndata: ${JSON.stringify(problem)}\n\n`,
    message(message) {
      const json = toPublicJson(route, message, registry) as JsonObject;
      const id = idField ? String(json[idField.name] ?? '').replace(/[\r\n\0]/g, '') : '';
      const member = oneof?.fields.find((field) => json[field.name] !== undefined);
      const data = JSON.stringify(member ? json[member.name] : json);
      return `${id ? `id: ${id}\n` : ''}${member ? `event: ${member.name}\n` : ''}data: ${data}\n\n`;
    },
  };
}

/** One JSON value a line; a failure is the last line, `{"error": <problem>}`. */
function ndjson(route: Route, registry: Registry): StreamFormat {
  return {
    contentType: 'application/x-ndjson; charset=utf-8',
    keepAlive: '',
    // Without a last word a part would look like the whole.
    goodbye: (requestId) =>
      `${JSON.stringify({ error: toProblem('service_unavailable', requestId, { retryAfterS: retryMs / 1_000 }) })}\n`,
    problem: (error) => `${JSON.stringify({ error })}\n`,
    message: (message) => `${JSON.stringify(toPublicJson(route, message, registry))}\n`,
  };
}
