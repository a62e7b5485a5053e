import { createGrpcChannel, type GrpcChannel } from '@universal-api/grpc';
import { createPrincipalMinter, type KeyRing } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { hostname } from 'node:os';
import type { Host } from '../host.ts';
import type { OwnedParts } from '../owned-parts.ts';
import { createCallAsSystem } from '../watch/call-as-system.ts';
import { watchAuth, type AuthWatch } from '../watch/watch-auth.ts';
import { createRemoteVerifier, fetchJwksRemotely, tokenTimes, type FetchJwks, type TokenTimes } from './jwks-source.ts';
import { createKnownKeys, type KnownKeys } from './known-keys.ts';
import { createKnownTokens, type KnownTokens } from './known-tokens.ts';
import { verifyKeyRemotely } from './verify-key-remotely.ts';

/** How an app knows who calls it: what it remembers, what it hears, whom it asks. */
export interface Callers {
  readonly keys: KnownKeys;
  readonly tokens: KnownTokens;
  readonly watch: AuthWatch;
  readonly fetchJwks: FetchJwks;
}

/** What it is opened with. */
export interface CallersParts {
  /** The app that is called, such as `search`. */
  readonly app: string;
  /** Where the service `auth` is: `host:port`, or a channel that somebody else closes. */
  readonly auth: string | GrpcChannel;
  readonly internalKeys: KeyRing;
  readonly host: Host;
  readonly owned: OwnedParts;
  readonly keyCacheMs?: number | undefined;
  readonly keyCacheSize?: number | undefined;
  readonly tokenTimes?: TokenTimes | undefined;
}

const defaultKeyCacheMs = 5_000;
const defaultCacheSize = 10_000;

/** Begins to listen to the service `auth`; asks it nothing until somebody calls. */
export function openCallers(parts: CallersParts): Callers {
  const { app, auth, host, owned, keyCacheMs = defaultKeyCacheMs, keyCacheSize = defaultCacheSize } = parts;
  const { now: clock, newId } = host;
  const channel =
    typeof auth === 'string' ? owned.own('channel to auth', createGrpcChannel(productContract(), auth)) : auth;
  const principals = createPrincipalMinter({ keys: parts.internalKeys, issuer: app, clock });
  const callAsSystem = createCallAsSystem({ app, principals, newId, clock });
  const instance = `${hostname()}:${process.pid}`.slice(-64);
  const watch = owned.own('auth watch', watchAuth({ app, instance, channel, callAsSystem, host }));
  const fetchJwks = fetchJwksRemotely(channel, callAsSystem);
  const verifier = createRemoteVerifier(fetchJwks, clock, parts.tokenTimes ?? tokenTimes);
  return {
    watch,
    fetchJwks,
    keys: createKnownKeys({
      verifyKey: verifyKeyRemotely(channel, callAsSystem),
      lifeMs: keyCacheMs,
      maxKeys: keyCacheSize,
      revocations: watch.revocations,
    }),
    tokens: createKnownTokens({ verifier, watch, clock, maxTokens: keyCacheSize }),
  };
}
