import { Client, credentials, Metadata, type CallOptions, type ServiceError } from '@grpc/grpc-js';
import {
  Idempotency,
  methodDefinition,
  methodRules,
  type Contract,
  type DescMethod,
  type Message,
} from '@universal-api/protos';
import { maxMessageBytes } from './metadata-names.ts';
import { fromStatus } from './problem-status.ts';

/** How one call is made. */
export interface CallOptionsOut {
  /** When the answer is too late, ms since the epoch; always set. */
  readonly deadlineAt: number;
  /** Request metadata, names of `requestNames` only. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Answer of a unary call. */
export interface UnaryAnswer {
  readonly message: Message;
  /** Response metadata by name; empty when the service set none. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A stream of messages. Leaving the iteration, or aborting the signal, cancels the call down to the service. */
export interface StreamAnswer extends AsyncIterable<Message> {
  /** Fulfilled with the response metadata once the service accepted the request; rejected with an `AppError` before it. */
  readonly headers: Promise<Readonly<Record<string, string>>>;
}

/** A connection to one service. Every failure is an `AppError`, with the service's problem where it sent one. */
export interface GrpcChannel {
  unary(method: DescMethod, request: Message, options: CallOptionsOut): Promise<UnaryAnswer>;
  stream(method: DescMethod, request: Message, options: CallOptionsOut): StreamAnswer;
  close(): void;
}

/** Opens a channel to `host:port` or `dns:///name:port`; it connects with the first call and again after a loss. */
export function createGrpcChannel(contract: Contract, target: string): GrpcChannel {
  const client = new Client(target, credentials.createInsecure(), {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // Its counters are read by nobody: what is measured is on the operations port.
    'grpc.enable_channelz': 0,
    'grpc.service_config': serviceConfig(contract),
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
  });
  return {
    unary: (method, request, options) => callUnary(client, method, request, options),
    stream: (method, request, options) => callStream(client, method, request, options),
    close: () => client.close(),
  };
}

/** gRPC service config: only safe methods are retried, only on UNAVAILABLE, within a budget (platform 6.3). */
function serviceConfig(contract: Contract): string {
  const safe = [...contract.services.values()].flatMap((service) =>
    service.methods
      .filter((method) => methodRules(method).idempotency === Idempotency.SAFE && method.methodKind === 'unary')
      .map((method) => ({ service: service.typeName, method: method.name })),
  );
  const retryPolicy = {
    maxAttempts: 3,
    initialBackoff: '0.05s',
    maxBackoff: '1s',
    backoffMultiplier: 2,
    retryableStatusCodes: ['UNAVAILABLE'],
  };
  return JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: safe.length > 0 ? [{ name: safe, retryPolicy }] : [],
    retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
  });
}

function callUnary(
  client: Client,
  method: DescMethod,
  request: Message,
  options: CallOptionsOut,
): Promise<UnaryAnswer> {
  const definition = methodDefinition(method);
  return new Promise((resolve, reject) => {
    let headers: Record<string, string> = {};
    const call = withoutStack(() =>
      client.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize,
        request,
        toMetadata(options.metadata),
        toCallOptions(options),
        (error: ServiceError | null, message?: Message) => {
          options.signal?.removeEventListener('abort', cancel);
          if (error || !message) reject(error ? fromStatus(error) : new Error('neither an error nor an answer'));
          else resolve({ message, headers });
        },
      ),
    );
    const cancel = () => call.cancel();
    call.on('metadata', (metadata: Metadata) => (headers = fromMetadata(metadata)));
    if (options.signal?.aborted) cancel();
    else options.signal?.addEventListener('abort', cancel, { once: true });
  });
}

function callStream(client: Client, method: DescMethod, request: Message, options: CallOptionsOut): StreamAnswer {
  const definition = methodDefinition(method);
  const call = client.makeServerStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    request,
    toMetadata(options.metadata),
    toCallOptions(options),
  );
  const cancel = () => call.cancel();
  if (options.signal?.aborted) cancel();
  else options.signal?.addEventListener('abort', cancel, { once: true });
  const headers = new Promise<Record<string, string>>((resolve, reject) => {
    call.once('metadata', (metadata: Metadata) => resolve(fromMetadata(metadata)));
    call.once('error', (error: ServiceError) => reject(fromStatus(error)));
  });
  headers.catch(() => {}); // The iteration reports the same error; a caller may look at one of them only.
  async function* iterate(): AsyncGenerator<Message> {
    try {
      for await (const message of call) yield message as Message;
    } catch (error) {
      throw fromStatus(error as ServiceError);
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      call.cancel();
    }
  }
  return { headers, [Symbol.asyncIterator]: iterate };
}

/**
 * Calls without a stack in the errors that are made meanwhile. grpc-js makes one in each unary call, for the case that it fails,
 * and the problem documents that our callers get have none of it.
 */
function withoutStack<T>(call: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return call();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function toCallOptions(options: CallOptionsOut): CallOptions {
  return { deadline: options.deadlineAt };
}

function toMetadata(entries: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const name in entries) metadata.set(name, entries[name] ?? '');
  return metadata;
}

function fromMetadata(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.getMap()).map(([name, value]) => [name, value.toString()]));
}
