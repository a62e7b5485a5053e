import { createGrpcServer, type CallContext, type FinishedCall, type GrpcServer } from '@universal-api/grpc';
import type { PrincipalVerifier } from '@universal-api/principal';
import { pathOf, type AnyHandler, type Contract } from '@universal-api/protos';
import { traceIdOf } from '@universal-api/telemetry';
import { identifyCaller } from './callers/identify-caller.ts';
import type { Callers } from './callers/open-callers.ts';
import type { Host } from './host.ts';

/** What a service serves over gRPC. */
export interface GrpcService {
  readonly name: string;
  readonly contract: Contract;
  readonly handlers: Readonly<Record<string, Readonly<Record<string, AnyHandler<CallContext>>>>>;
  readonly principals: PrincipalVerifier;
  /** How callers without a signed principal are known; absent: they are not. */
  readonly callers?: Pick<Callers, 'keys' | 'tokens'> | undefined;
}

/** A gRPC server that knows its callers by signed principal or bearer, logs each failure and counts each call. */
export function serveGrpc(service: GrpcService, host: Host): GrpcServer {
  const log = host.log.part(service.name);
  const seconds = host.metrics.duration('uapi_grpc_seconds', 'Time to answer a gRPC call.', ['method', 'outcome']);
  // Few and closed label sets: finding a series again costs more than observing in it.
  const series = new Map<string, { observe(seconds: number): void }>();
  return createGrpcServer({
    contract: service.contract,
    services: service.handlers,
    identify: identifyCaller({ ...service, host }),
    newId: host.newId,
    onFinished(call) {
      const name = `${call.method.parent.typeName}/${call.method.name} ${call.code}`;
      let own = series.get(name);
      if (!own) series.set(name, (own = seconds.labels({ method: pathOf(call.method), outcome: call.code })));
      own.observe(call.ms / 1000);
      logCall(log, call);
    },
  });
}

function logCall(log: Host['log'], call: FinishedCall): void {
  const { context } = call;
  const isFault = call.code === 'internal';
  if (!isFault && !log.isEnabled('debug')) return;
  const fields = {
    method: pathOf(call.method),
    request_id: call.requestId,
    call_id: context?.callId,
    trace_id: context?.traceparent && traceIdOf(context.traceparent),
    tenant: context?.principal.tid,
    code: call.code,
    ms: Math.round(call.ms),
  };
  if (isFault) log.error('call failed', { ...fields, err: call.error });
  else log.debug('call served', fields);
}
