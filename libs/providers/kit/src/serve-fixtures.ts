import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fixture, FixtureRequest } from './load-fixtures.ts';

export { loadFixtures, type Fixture, type FixtureRequest } from './load-fixtures.ts';

/** A request that reached the player. */
export interface PlayedRequest {
  /** Path and query below the provider's name, such as `/base/forecast?latitude=1`. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Name of the fixture that answered; absent: none fits, 501. */
  readonly file?: string;
}

/** A loopback server that answers as the providers do. */
export interface FixturePlayer {
  /** Value for `UAPI_SIMULATOR_URL`. */
  readonly url: string;
  /** All requests so far, oldest first. */
  readonly requests: readonly PlayedRequest[];
  /** Which case answers from now on, and for which operation where several ask the same; at first `success`. */
  play(outcome: string, operation?: string): void;
  /** From now on requests are taken and not answered; `play` ends it. */
  stall(): void;
  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Plays fixtures at `<url>/<provider>/<host name>/<path>` on 127.0.0.1, at a free port unless one is given. The first
 * fixture of the case whose method, path and query fit answers; if none fits the answer is 501 and says so.
 */
export async function serveFixtures(
  byProvider: Readonly<Record<string, readonly Fixture[]>>,
  port = 0,
): Promise<FixturePlayer> {
  const known = new Map(Object.entries(byProvider));
  const requests: PlayedRequest[] = [];
  const waiting: (() => void)[] = [];
  let playing: { outcome: string; operation?: string } | 'stall' = { outcome: 'success' };

  const server = createServer((incoming, response) => {
    const [, provider = '', ...rest] = (incoming.url ?? '/').split('/');
    const url = `/${rest.join('/')}`;
    const chosen = playing === 'stall' ? undefined : choose(known.get(provider) ?? [], playing, incoming.method, url);
    requests.push({ url, headers: incoming.headers, file: chosen?.file });
    for (const arrived of waiting.splice(0)) arrived();
    if (playing !== 'stall') answer(response, chosen);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    play(outcome, operation) {
      playing = { outcome, operation };
    },
    stall() {
      playing = 'stall';
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function choose(
  fixtures: readonly Fixture[],
  playing: { outcome: string; operation?: string },
  method: string | undefined,
  url: string,
): Fixture | undefined {
  return fixtures.find(
    (fixture) =>
      fixture.case === playing.outcome &&
      (!playing.operation || fixture.operation === playing.operation) &&
      fixture.request.method === method &&
      fits(fixture.request, new URL(url, 'http://player')),
  );
}

function fits({ host, path, query }: FixtureRequest, { pathname, searchParams }: URL): boolean {
  const wanted = `/${host}${path}`.split('/');
  const got = pathname.split('/');
  return (
    wanted.length === got.length &&
    wanted.every((segment, index) => isAny(segment) || segment === decodeURIComponent(got[index] ?? '')) &&
    Object.entries(query).every(([name, value]) =>
      isAny(value) ? searchParams.has(name) : searchParams.get(name) === value,
    )
  );
}

function isAny(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}

function answer(response: ServerResponse, fixture: Fixture | undefined): void {
  if (!fixture) {
    response.writeHead(501, { 'content-type': 'text/plain' }).end('no fixture fits this request');
    return;
  }
  const { status, headers, body } = fixture;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}
