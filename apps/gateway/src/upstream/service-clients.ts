import { AppError } from '@universal-api/errors';
import { createGrpcChannel, type GrpcChannel, type StreamAnswer, type UnaryAnswer } from '@universal-api/grpc';
import type { PrincipalMinter } from '@universal-api/principal';
import type { Contract, Message } from '@universal-api/protos';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../http/caller.ts';
import type { Route } from '../transcode/compile-route.ts';
import { toRequestMetadata } from '../transcode/pass-metadata.ts';
import { readLanguage } from './read-language.ts';
import { narrowScopes } from './scopes-by-app.ts';

/** Channels by app, such as `search`. */
export type Channels = ReadonlyMap<string, GrpcChannel>;

/** One channel per app; it connects with the first call. */
export function openChannels(contract: Contract, targets: Readonly<Record<string, string>>): Channels {
  return new Map(Object.entries(targets).map(([app, target]) => [app, createGrpcChannel(contract, target)]));
}

/** One call of a route. */
export interface UpstreamCall {
  readonly route: Route;
  readonly message: Message;
  readonly caller: Caller;
  /** As they came; only the closed list of `pass-metadata.ts` crosses. */
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly callId: string;
  /** W3C trace context that the service gets. */
  readonly traceparent: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
  readonly address: string;
  /** Aborted when the caller leaves: ends the call down to the provider's socket. */
  readonly signal: AbortSignal;
}

/** Makes calls to services. Every failure is an `AppError`. */
export interface ServiceClients {
  unary(call: UpstreamCall): Promise<UnaryAnswer>;
  stream(call: UpstreamCall): StreamAnswer;
}

/** Parts of the clients. */
export interface ServiceClientsParts {
  readonly contract: Contract;
  readonly channels: Channels;
  readonly principals: PrincipalMinter;
  /** `DEADLINE_MS`: from the request's arrival to the answer. */
  readonly deadlineMs: number;
  /** Longest life of a stream. */
  readonly streamDeadlineMs: number;
}

/** Taken off the deadline at each hop, so that a service gives up before its caller does. */
const marginMs = 50;

/** Clients of all services, by the descriptors of their methods: no code per method. */
export function createServiceClients(parts: ServiceClientsParts): ServiceClients {
  const { channels, principals } = parts;
  const narrow = narrowScopes(parts.contract);
  const channelOf = ({ route }: UpstreamCall): GrpcChannel => {
    const channel = channels.get(route.app);
    if (!channel) throw new AppError('service_unavailable', { internal: `no address for the service ${route.app}` });
    return channel;
  };
  const optionsOf = (call: UpstreamCall, lifeMs: number) => {
    const { route, caller, requestId, callId, traceparent } = call;
    const principal = principals.mint({
      audience: route.app,
      method: route.grpcPath,
      claims: {
        ...caller,
        scp: narrow(route.app, caller.scp),
        pri: route.isCritical ? 'critical' : 'normal',
        rid: requestId,
        cid: callId,
        cip: call.address,
        lang: readLanguage(call.headers['accept-language']),
      },
    });
    return {
      deadlineAt: call.receivedAt + lifeMs - marginMs,
      metadata: toRequestMetadata(route, call.headers, { requestId, callId, traceparent, principal }),
      signal: call.signal,
    };
  };
  return {
    unary: (call) =>
      channelOf(call).unary(call.route.method, call.message, optionsOf(call, parts.deadlineMs)).catch(ownFault),
    stream: (call) => channelOf(call).stream(call.route.method, call.message, optionsOf(call, parts.streamDeadlineMs)),
  };
}

/** Who the caller is was settled here; a service that does not believe us is a fault between our parts, not the caller's. */
function ownFault(error: unknown): never {
  if (AppError.is(error) && error.code === 'unauthenticated') {
    throw new AppError('internal', { internal: 'a service refused our principal', cause: error });
  }
  throw error;
}
