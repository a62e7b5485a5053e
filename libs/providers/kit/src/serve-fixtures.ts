import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillFixture } from './fill-fixture.ts';
import type { Fixture } from './load-fixtures.ts';
import { matchFixtures, type FixtureMatch } from './match-fixture.ts';

export { fillFixture, type FilledAnswer } from './fill-fixture.ts';
export { loadFixtures, type Fixture, type FixtureRequest } from './load-fixtures.ts';
export { matchFixtures, type FixtureMatch, type FixtureValues, type PlayerRequest } from './match-fixture.ts';

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
 * fixture of the case whose method, path and query fit answers, filled with what was asked (`fillFixture`); if none fits
 * the answer is 501 and says so.
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
    requests.push({ url, headers: incoming.headers, file: chosen?.fixture.file });
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
): FixtureMatch | undefined {
  return matchFixtures(fixtures, { method, url }).find(
    ({ fixture }) =>
      fixture.case === playing.outcome && (!playing.operation || fixture.operation === playing.operation),
  );
}

function answer(response: ServerResponse, chosen: FixtureMatch | undefined): void {
  if (!chosen) {
    response.writeHead(501, { 'content-type': 'text/plain' }).end('no fixture fits this request');
    return;
  }
  const { status, headers, body } = fillFixture(chosen);
  response.writeHead(status, headers).end(body);
}
