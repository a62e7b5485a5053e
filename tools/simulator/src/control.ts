import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProfileTexts } from './profile/profile-table.ts';
import type { Upstreams } from './play/create-upstreams.ts';

/**
 * Answers a request of the control endpoint, all JSON:
 *
 *     GET  /_control/profiles   profiles by `*`, `<provider>` or `<provider>/<operation>`
 *     PUT  /_control/profiles   the same, replaced as a whole; 400 with `error`, and none is replaced
 *     GET  /_control/stats      requests, outcomes, over quota and stalled, by `<provider>/<operation>`; unmatched
 *     POST /_control/reset      profiles of the start, counts and draws from the beginning
 */
export async function answerControl(
  upstreams: Upstreams,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const what = `${incoming.method} ${(incoming.url ?? '').split('?')[0]}`;
  if (what === 'GET /_control/profiles') return send(response, 200, upstreams.profiles());
  if (what === 'GET /_control/stats') return send(response, 200, upstreams.stats());
  if (what === 'POST /_control/reset') {
    upstreams.reset();
    return send(response, 200, upstreams.profiles());
  }
  if (what !== 'PUT /_control/profiles') return send(response, 404, { error: `nothing answers ${what}` });
  try {
    upstreams.setProfiles(readProfiles(await readBody(incoming)));
    return send(response, 200, upstreams.profiles());
  } catch (error) {
    return send(response, 400, { error: error instanceof Error ? error.message : 'the profiles cannot be read' });
  }
}

/** Largest body taken, characters. */
const maxBody = 1 << 20;

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) {
    body += String(chunk);
    if (body.length > maxBody) throw new Error(`the body must have at most ${maxBody} characters`);
  }
  return body;
}

/** Profiles from JSON. Errors: `Error`, a sentence. */
export function readProfiles(json: string): ProfileTexts {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error('profiles must be JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('profiles must be an object');
  for (const [target, profile] of Object.entries(value)) {
    if (typeof profile !== 'string') throw new Error(`profile of ${target}: must be a text`);
  }
  return value as ProfileTexts;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(`${JSON.stringify(body, null, 2)}\n`);
}
