import type { HttpAnswer, ProviderHttp } from '@universal-api/providers-spec';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { collectAnswer } from './collect-answer.ts';
import { lookupForConnect } from './lookup-for-connect.ts';
import { createNetworkState, type NetworkStatus } from './network-state.ts';
import { createNameResolver, type NameResolver } from './resolve-name.ts';

/** How the way out is made. */
export interface ProviderNetworkOptions {
  /** `none`: no packet leaves, not even a look-up. */
  readonly egress: 'all' | 'none';
  /** URL of an HTTP proxy for all but loopback hosts; it resolves the names then. */
  readonly proxy?: string;
  /** Absent: a new one over the system's name servers. */
  readonly resolver?: NameResolver;
  /** How often an offline network is probed, ms; 10,000. */
  readonly probeEveryMs?: number;
}

/** The only door to the network of a process's providers. */
export interface ProviderNetwork {
  readonly http: ProviderHttp;
  readonly egress: 'all' | 'none';
  /** `offline` leaves out remote candidates that are not on loopback or an address. With egress `none`: `offline`. */
  state(): NetworkStatus;
  /** The start-up look-up of all enabled hosts, to be awaited before ready. Never rejects; at most 0.7 s. */
  start(hostNames: readonly string[]): Promise<void>;
  /** Looks up the names of all candidates together before the first attempt; at once if all are known. Never rejects. */
  lookUp(hostNames: readonly string[]): Promise<void> | undefined;
  /** Ends probes and connections; requests under way end with an error. */
  close(): Promise<void>;
}

const connectTimeoutMs = 5000;
/** Longest silence of an upstream; a call's own signal ends it long before. */
const silence = { headersTimeout: 30_000, bodyTimeout: 30_000 };
const noWayCodes = new Set(['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH']);

/**
 * Keeps connections alive, at most 64 to an origin, HTTP/1.1. Names are resolved by the kit's resolver, never by the
 * system's blocking look-up.
 */
export function createProviderNetwork(options: ProviderNetworkOptions): ProviderNetwork {
  const { egress, proxy, resolver = createNameResolver(), probeEveryMs } = options;
  const network = createNetworkState({ resolver, probeEveryMs });
  const dispatchers = createDispatchers(resolver, proxy);
  const isResolvedHere = egress === 'all' && !proxy;

  return {
    egress,
    http: {
      get(request) {
        if (egress === 'none') return Promise.reject(new Error('egress is off'));
        if (request.signal.aborted) return Promise.reject(request.signal.reason);
        const { origin, hostname, pathname, search } = new URL(request.url);
        const isHere = isLoopback(hostname);
        const dispatcher = isHere ? dispatchers.direct : dispatchers.outward;
        const answer = new Promise<HttpAnswer>((resolve, reject) => {
          const headers = { 'accept-encoding': 'gzip, deflate, br', ...request.headers };
          dispatcher.dispatch(
            { origin, path: pathname + search, method: 'GET', headers, ...silence },
            collectAnswer(request, { resolve, reject }),
          );
        });
        return isHere ? answer : answer.then(reached, unreached);
      },
    },
    state: () => (egress === 'none' ? 'offline' : network.state()),
    start(hostNames) {
      if (egress === 'none') return Promise.resolve();
      return network.watch(proxy ? [new URL(proxy).hostname] : hostNames);
    },
    lookUp(hostNames) {
      if (!isResolvedHere || hostNames.every((name) => resolver.knows(name))) return undefined;
      return Promise.allSettled(hostNames.map((name) => resolver.resolve(name))).then(() => undefined);
    },
    async close() {
      network.close();
      await Promise.all([dispatchers.direct.destroy(), dispatchers.outward.destroy()]);
    },
  };

  function reached<T>(answer: T): T {
    network.report(true);
    return answer;
  }
  function unreached(error: NodeJS.ErrnoException): never {
    if (noWayCodes.has(error.code ?? '')) network.report(false);
    throw error;
  }
}

function createDispatchers(resolver: NameResolver, proxy?: string): { direct: Dispatcher; outward: Dispatcher } {
  const connect = { lookup: lookupForConnect(resolver), timeout: connectTimeoutMs };
  const shared = { connections: 64, pipelining: 1, allowH2: false, keepAliveTimeout: 30_000 };
  const direct = new Agent({ ...shared, connect });
  if (!proxy) return { direct, outward: direct };
  return { direct, outward: new ProxyAgent({ ...shared, uri: proxy, proxyTls: connect, requestTls: connect }) };
}

/** This machine: never through a proxy, and what becomes of it says nothing of the network. */
function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^127\.|^(.+\.)?localhost$/.test(hostname);
}
