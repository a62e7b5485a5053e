import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { Principal } from '@universal-api/principal';
import {
  packageDefinition,
  serviceDefinition,
  type AnyHandler,
  type Contract,
  type DescMethod,
} from '@universal-api/protos';
import { HealthImplementation } from 'grpc-health-check';
import type { CallContext } from './call-context.ts';
import { maxMessageBytes } from './metadata-names.ts';
import { serveStream, serveUnary } from './serve-call.ts';

/** Who is calling: answers the principal of a call, or throws an `AppError`. */
export type IdentifyCaller = (
  metadata: {
    get(name: string): string | undefined;
    /** Address and port of the other side. */
    readonly peer: string;
  },
  method: DescMethod,
) => Principal | Promise<Principal>;

/** One call as it ended, for logs and metrics. */
export interface FinishedCall {
  readonly method: DescMethod;
  readonly context?: CallContext;
  readonly requestId: string;
  /** Code of the registry, or `ok`. */
  readonly code: string;
  readonly error?: Error;
  readonly ms: number;
}

/** What a gRPC server is made of. */
export interface GrpcServerOptions {
  readonly contract: Contract;
  /** Handlers by the full name of their service; none for an app without operations of its own. */
  readonly services: Readonly<Record<string, Readonly<Record<string, AnyHandler<CallContext>>>>>;
  readonly identify: IdentifyCaller;
  readonly newId: () => string;
  readonly onFinished?: (call: FinishedCall) => void;
}

/** Calls under way, so that a stop knows when nobody is waiting any more. */
export interface CallCount {
  start(): void;
  end(): void;
  /** Aborted when the server stops: ends what would never end by itself. */
  readonly stopping: AbortSignal;
}

/** Time for last answers and for NOT_SERVING to leave before connections are cut, ms. */
const farewellMs = 100;

/** A gRPC server with health (grpc.health.v1) and reflection. */
export interface GrpcServer {
  /** Starts to listen on `host:port` (port 0 takes a free one) and answers the port. */
  listen(address: string): Promise<number>;
  /** Sets what `grpc.health.v1` says of every service. */
  setServing(isServing: boolean): void;
  /** Ends idle connections, waits for calls under way, at most `drainMs`, then cuts. */
  stop(drainMs: number): Promise<void>;
}

/** Makes a server. Throws when a service's handlers are not exactly its methods. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.so_reuseport': 0,
  });
  const names = Object.keys(options.services);
  const health = new HealthImplementation(Object.fromEntries(['', ...names].map((name) => [name, 'NOT_SERVING'])));
  let underWay = 0;
  let onIdle = () => {};
  const stopping = new AbortController();
  const count: CallCount = {
    stopping: stopping.signal,
    start: () => void underWay++,
    end: () => {
      if (--underWay === 0) onIdle();
    },
  };
  for (const name of names)
    server.addService(serviceDefinition(options.contract, name), implement(name, options, count));
  health.addToServer(server);
  new ReflectionService(packageDefinition(options.contract)).addToServer(server);

  return {
    listen: (address) =>
      new Promise((resolve, reject) => {
        server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
          error ? reject(error) : resolve(port),
        );
      }),
    setServing(isServing) {
      for (const name of ['', ...names]) health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
    },
    stop: (drainMs) =>
      new Promise((resolve) => {
        stopping.abort();
        const cut = () => server.forceShutdown();
        const timers = [setTimeout(cut, drainMs)];
        // A health watch of a peer is a call without end: the server's own way to stop would wait for it.
        onIdle = () => void timers.push(setTimeout(cut, Math.min(farewellMs, drainMs)));
        server.tryShutdown(() => {
          for (const timer of timers) clearTimeout(timer);
          resolve();
        });
        if (underWay === 0) onIdle();
      }),
  };
}

function implement(typeName: string, options: GrpcServerOptions, count: CallCount): UntypedServiceImplementation {
  const service = options.contract.services.get(typeName);
  const handlers = options.services[typeName] ?? {};
  if (!service) throw new Error(`no service ${typeName} in the contract`);
  const missing = service.methods.filter((method) => !handlers[method.localName]).map((method) => method.name);
  if (missing.length > 0) throw new Error(`${typeName} has no handler for ${missing.join(', ')}`);
  const unknown = Object.keys(handlers).filter((name) => !service.methods.some((method) => method.localName === name));
  if (unknown.length > 0) throw new Error(`${typeName} has handlers without a method: ${unknown.join(', ')}`);
  return Object.fromEntries(
    service.methods.map((method) => {
      const handler = handlers[method.localName] as AnyHandler<CallContext>;
      const serve = method.methodKind === 'server_streaming' ? serveStream : serveUnary;
      return [method.name, serve(method, handler, options, count)];
    }),
  ) as UntypedServiceImplementation;
}
