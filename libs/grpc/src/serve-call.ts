import {
  Metadata,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { AppError } from '@universal-api/errors';
import { hasScope, internalScope, type Principal } from '@universal-api/principal';
import {
  Access,
  methodRules,
  validateMessage,
  type AnyHandler,
  type DescMethod,
  type Message,
} from '@universal-api/protos';
import { once } from 'node:events';
import type { CallContext } from './call-context.ts';
import type { CallCount, GrpcServerOptions } from './grpc-server.ts';
import { maxDepth, requestNames } from './metadata-names.ts';
import { toStatus } from './problem-status.ts';

/** Work with less time left is not begun (platform 6.3), ms. */
const leastLeftMs = 20;

type Call = ServerUnaryCall<Message, Message> | ServerWritableStream<Message, Message>;

/** Serves a unary method: who, may they, is the message right, handle, answer; an error becomes a status with a problem. */
export function serveUnary(
  method: DescMethod,
  handler: AnyHandler<CallContext>,
  options: GrpcServerOptions,
  count: CallCount,
): handleUnaryCall<Message, Message> {
  return (call, callback) => {
    const attempt = startCall(method, call, options, count);
    attempt
      .admit()
      .then((context) =>
        (handler as (request: Message, context: CallContext) => Promise<Message>)(call.request, context),
      )
      .then(
        (answer) => {
          attempt.sendHeaders();
          callback(null, answer);
          attempt.finish();
        },
        (thrown: unknown) => {
          const error = AppError.from(thrown);
          attempt.sendHeaders();
          callback(toStatus(error, attempt.requestId));
          attempt.finish(error, thrown);
        },
      );
  };
}

/** Serves a server stream: the handler's messages one after the other, with back-pressure; stops when the caller leaves. */
export function serveStream(
  method: DescMethod,
  handler: AnyHandler<CallContext>,
  options: GrpcServerOptions,
  count: CallCount,
): handleServerStreamingCall<Message, Message> {
  return (call) => {
    const attempt = startCall(method, call, options, count);
    // Between our own parts a stream is a watch, which ends only with one of the two.
    if (methodRules(method).scope === internalScope) attempt.endWith(count.stopping);
    const run = async () => {
      const context = await attempt.admit();
      const messages = (handler as (request: Message, context: CallContext) => AsyncIterable<Message>)(
        call.request,
        context,
      );
      for await (const message of messages) {
        if (attempt.signal.aborted) throw new AppError('cancelled', { internal: 'the caller left the stream' });
        attempt.sendHeaders();
        if (!call.write(message)) await once(call, 'drain', { signal: attempt.signal });
      }
      attempt.sendHeaders();
    };
    run().then(
      () => {
        call.end();
        attempt.finish();
      },
      (thrown: unknown) => {
        const error = attempt.signal.aborted ? new AppError('cancelled', { cause: thrown }) : AppError.from(thrown);
        call.emit('error', toStatus(error, attempt.requestId));
        attempt.finish(error, thrown);
      },
    );
  };
}

function startCall(method: DescMethod, call: Call, options: GrpcServerOptions, count: CallCount) {
  const startedAt = performance.now();
  count.start();
  const read = (name: string) => call.metadata.get(name)[0]?.toString();
  const requestId = read(requestNames.requestId) ?? options.newId();
  const aborter = new AbortController();
  let isFinished = false;
  let onFinish = () => {};
  // grpc-js says `cancelled` after every call; only one that still runs has lost its caller.
  call.on('cancelled', () => {
    if (!isFinished) aborter.abort(new AppError('cancelled', { internal: 'the caller left' }));
  });
  let headers: Metadata | undefined;
  let wereSent = false;
  let context: CallContext | undefined;
  const sendHeaders = () => {
    if (wereSent) return;
    wereSent = true;
    // Without own headers grpc-js sends the initial metadata with the first message; a stream must say yes at once.
    if (headers || method.methodKind === 'server_streaming') call.sendMetadata(headers ?? new Metadata());
  };
  return {
    requestId,
    signal: aborter.signal,
    sendHeaders,
    async admit(): Promise<CallContext> {
      const identified = options.identify({ get: read, peer: call.getPeer() }, method);
      const principal = identified instanceof Promise ? await identified : identified;
      checkScope(method, principal);
      context = toContext(
        { method, principal, read, requestId, call, aborter, options, sendHeaders },
        (name, value) => {
          (headers ??= new Metadata()).set(name, value);
        },
      );
      if (context.deadlineAt - Date.now() < leastLeftMs) {
        throw new AppError('deadline_exceeded', { internal: 'too little time was left to begin' });
      }
      const errors = validateMessage(method.input, call.request);
      if (errors.length > 0) throw new AppError('invalid_request', { errors });
      return context;
    },
    endWith(stopping: AbortSignal) {
      const end = () => aborter.abort(new AppError('service_unavailable', { internal: 'the server stops' }));
      if (stopping.aborted) return end();
      stopping.addEventListener('abort', end, { once: true });
      onFinish = () => stopping.removeEventListener('abort', end);
    },
    finish(error?: AppError, thrown?: unknown) {
      isFinished = true;
      onFinish();
      count.end();
      options.onFinished?.({
        method,
        context,
        requestId,
        code: error?.code ?? 'ok',
        error: thrown instanceof Error ? thrown : error,
        ms: performance.now() - startedAt,
      });
    },
  };
}

interface Parts {
  readonly method: DescMethod;
  readonly principal: Principal;
  readonly read: (name: string) => string | undefined;
  readonly requestId: string;
  readonly call: Call;
  readonly aborter: AbortController;
  readonly options: GrpcServerOptions;
  readonly sendHeaders: () => void;
}

function toContext(parts: Parts, setHeader: CallContext['setHeader']): CallContext {
  const { read } = parts;
  const depth = Number(read(requestNames.depth) ?? 1);
  if (!(depth <= maxDepth))
    throw new AppError('internal', { internal: `a call passed more than ${maxDepth} services` });
  const deadline = parts.call.getDeadline();
  const deadlineAt = deadline instanceof Date ? deadline.getTime() : deadline;
  return {
    principal: parts.principal,
    requestId: parts.requestId,
    callId: read(requestNames.callId) ?? parts.options.newId(),
    traceparent: read(requestNames.traceparent),
    // A caller that set no deadline (grpcurl) gets the product's default of 10 s.
    deadlineAt: Number.isFinite(deadlineAt) ? deadlineAt : Date.now() + 10_000,
    signal: parts.aborter.signal,
    depth,
    idempotencyKey: read(requestNames.idempotencyKey),
    lastEventId: read(requestNames.lastEventId),
    userAgent: read(requestNames.userAgent),
    cookie: methodRules(parts.method).cookies ? read(requestNames.cookie) : undefined,
    setHeader,
    accept: parts.sendHeaders,
  };
}

function checkScope(method: DescMethod, principal: Principal): void {
  const rules = methodRules(method);
  if (rules.access === Access.PUBLIC) return;
  if (rules.access === Access.SCOPE && principal.typ === 'anonymous') throw new AppError('unauthenticated');
  if (!hasScope(principal.scp, rules.scope)) {
    throw new AppError('permission_denied', { detail: `This needs the scope ${rules.scope}.` });
  }
}
