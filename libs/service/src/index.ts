export type { Host, RunningApp } from './host.ts';
export { serveOperations, type OperationsOptions, type OperationsServer } from './operations-server.ts';
export { internalAuthKey, operationsPort, processVariables } from './common-variables.ts';
export { createOwnedParts, type Closable, type OwnedParts } from './owned-parts.ts';
export {
  createReadiness,
  type LifeState,
  type PartState,
  type Readiness,
  type ReadinessCheck,
  type ReadinessReport,
} from './readiness.ts';
export { readBuild } from './read-build.ts';
export { runApp, type AppConfig, type AppProgram } from './run-app.ts';
export { runUntilSignal, type EndOptions, type Running } from './run-until-signal.ts';
export { serveGrpc, type GrpcService } from './serve-grpc.ts';
export { startGrpcApp, type GrpcApp } from './start-grpc-app.ts';
