export type { CallContext } from './call-context.ts';
export {
  createGrpcChannel,
  type CallOptionsOut,
  type GrpcChannel,
  type StreamAnswer,
  type UnaryAnswer,
} from './grpc-channel.ts';
export {
  createGrpcServer,
  type FinishedCall,
  type GrpcServer,
  type GrpcServerOptions,
  type IdentifyCaller,
} from './grpc-server.ts';
export { maxDepth, maxMessageBytes, requestNames, responseNames, type ResponseName } from './metadata-names.ts';
export { fromStatus, toStatus } from './problem-status.ts';
export { createServiceClient } from './service-client.ts';
export { watchHealth, type RemoteHealth } from './watch-health.ts';
