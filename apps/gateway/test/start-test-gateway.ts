import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import { createMemoryRateLimiter, createRatePolicies, hrtimeUs, type RateOverrides } from '@universal-api/limits';
import { silentLogger, type Logger } from '@universal-api/logging';
import { createPrincipalMinter, makeApiKey } from '@universal-api/principal';
import type { Contract } from '@universal-api/protos';
import {
  randomKeyRing,
  startTestService,
  testContract,
  type TestProbe,
  type TestServices,
} from '@universal-api/testing';
import { createKnownKeys, type KnownTokens, type VerifiedKey, type VerifyKey } from '@universal-api/service';
import type { Router } from 'express';
import { randomBytes } from 'node:crypto';
import { createClientAddresses } from '../src/http/client-address.ts';
import { createApp, type App, type AppSettings } from '../src/http/create-app.ts';
import { createHttpServer, type HttpServer } from '../src/http/create-server.ts';
import type { FinishedRequest } from '../src/http/middleware/record-request.ts';
import { openChannels } from '../src/upstream/service-clients.ts';

/** What a test changes about the gateway it starts. */
export interface TestGatewayOptions {
  readonly contract?: Contract;
  readonly services?: TestServices;
  readonly probe?: TestProbe;
  readonly settings?: Partial<AppSettings>;
  readonly rates?: RateOverrides;
  readonly trustedProxies?: readonly string[];
  readonly verifyKey?: VerifyKey;
  /** Absent: no token is good. */
  readonly tokens?: KnownTokens;
  /** Life of a known key, ms; 5,000 unless told. */
  readonly keyCacheMs?: number;
  readonly site?: readonly Router[];
  readonly log?: Logger;
  /** Address of the service instead of the one started here. */
  readonly target?: string;
  readonly maxConnectionsPerAddress?: number;
  readonly isStrained?: () => boolean;
}

/** A gateway over the test service, listening on loopback. */
export interface TestGateway {
  readonly url: string;
  readonly port: number;
  /** A key whose tenant is on plan `unlimited` and holds every scope. */
  readonly key: string;
  readonly app: App;
  readonly server: HttpServer;
  readonly finished: FinishedRequest[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** What `auth` says of a good key. */
export const goodKey: VerifiedKey = {
  valid: true,
  tenantId: '00000000-0000-0000-0000-00000000000a',
  userId: '',
  lineageId: '00000000-0000-0000-0000-00000000000b',
  scopes: ['data:read', 'search:write'],
  plan: 'unlimited',
  mode: 'live',
  credentialPool: 'own',
  keyId: '00000000-0000-0000-0000-00000000000c',
  limits: {},
  ipAllow: [],
};

const noTokens: KnownTokens = {
  peek: () => undefined,
  find: () => Promise.reject(new AppError('invalid_token')),
};

/** What `auth` says of any other. */
export const unknownKey: VerifiedKey = { ...goodKey, valid: false, scopes: [] };

/** Composes what the product composes, over the test contract. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { contract = testContract(), settings } = options;
  const keys = randomKeyRing();
  const service = await startTestService({ keys, contract, services: options.services, probe: options.probe });
  const channels = openChannels(contract, { testing: options.target ?? service.address });
  const key = makeApiKey('live', randomBytes).text;
  const draining = new AbortController();
  const finished: FinishedRequest[] = [];
  const addresses = createClientAddresses(options.trustedProxies ?? []);
  const app = createApp(
    {
      contract,
      channels,
      principals: createPrincipalMinter({ keys, issuer: 'gateway', clock: Date.now }),
      keys: createKnownKeys({
        verifyKey: options.verifyKey ?? (async (text) => (text === key ? goodKey : unknownKey)),
        lifeMs: options.keyCacheMs ?? 5_000,
        maxKeys: 10_000,
      }),
      tokens: options.tokens ?? noTokens,
      rates: {
        limiter: createMemoryRateLimiter({ nowUs: hrtimeUs }),
        policies: createRatePolicies(options.rates ?? { 'ip-min': { q: 100_000, windowS: 60 } }),
        random: () => 0,
        isExplained: true,
      },
      addresses,
      site: options.site ?? [],
      log: options.log ?? silentLogger,
      onFinished: (request) => finished.push(request),
      newId,
      clock: Date.now,
      draining: draining.signal,
      isStrained: options.isStrained,
    },
    { anonymousAccess: true, ...settings },
  );
  const { maxConnectionsPerAddress } = options;
  const server = createHttpServer({
    handler: app.handler,
    addresses,
    newId,
    isHttps: false,
    draining,
    maxConnectionsPerAddress,
  });
  const port = await server.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    key,
    app,
    server,
    finished,
    fetch: (path, init) => fetch(url + path, init),
    async stop() {
      await server.stop(0);
      for (const channel of channels.values()) channel.close();
      await service.stop();
    },
  };
}
