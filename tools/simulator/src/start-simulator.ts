import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fixture } from '@universal-api/providers-kit/fixtures';
import { answerControl } from './control.ts';
import { createUpstreams, type Reaction, type UpstreamStats } from './play/create-upstreams.ts';
import type { ProfileTexts } from './profile/profile-table.ts';

/** What a simulator is started with. */
export interface SimulatorOptions {
  /** By provider id, see `findFixtures`. */
  readonly fixtures: Readonly<Record<string, readonly Fixture[]>>;
  /** By `*`, `<provider>` or `<provider>/<operation>`; texts as `parseProfile` reads them. */
  readonly profiles: ProfileTexts;
  /** The same seed, profiles and order of calls give the same answers and delays. */
  readonly seed: number;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Address to listen on; absent: 127.0.0.1. */
  readonly host?: string;
  /** ms since the epoch; decides in which window of a quota a call falls. */
  readonly now?: () => number;
}

/** A running simulator. */
export interface Simulator {
  /** Value for `UAPI_SIMULATOR_URL`. */
  readonly url: string;
  setProfiles(texts: ProfileTexts): void;
  stats(): UpstreamStats;
  reset(): void;
  close(): Promise<void>;
}

/** A request that is never answered is cut off after this, ms, if its client still waits. */
const longestWaitMs = 120_000;

/**
 * Plays all fixtures at `<url>/<provider>/<host name>/<path>`, in the time and with the faults that the profiles say, and
 * listens to `<url>/_control/…` (see `answerControl`). Errors: `Error` for profiles that cannot be read; those of `listen`.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { fixtures, profiles, seed, port = 0, host = '127.0.0.1', now = Date.now } = options;
  const upstreams = createUpstreams({ fixtures, profiles, seed, now });
  const server = createServer((incoming, response) => {
    if (incoming.url?.startsWith('/_control/')) {
      answerControl(upstreams, incoming, response).catch(() => response.destroy());
      return;
    }
    const [, provider = '', ...rest] = (incoming.url ?? '/').split('/');
    const request = { method: incoming.method, url: `/${rest.join('/')}` };
    sendLater(response, upstreams.react(provider, request));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setProfiles: (texts) => upstreams.setProfiles(texts),
    stats: () => upstreams.stats(),
    reset: () => upstreams.reset(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends after the delay, unless the client has left by then. */
function sendLater(response: ServerResponse, { delayMs, answer }: Reaction): void {
  const send = () => {
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
    else response.destroy();
  };
  const timer = setTimeout(send, answer ? delayMs : longestWaitMs);
  response.once('close', () => clearTimeout(timer));
}
