export {
  brokerVariables,
  toBrokers,
  type BrokerSettings,
  type KafkaAccess,
  type RedisAccess,
} from './brokers/broker-variables.ts';
export { keepLog, type KeepLogParts, type KeptLog } from './brokers/keep-log.ts';
export { openKafka, openTelemetrySink, type Kafka } from './brokers/open-kafka.ts';
export { openRateLimiter, type OpenedRateLimiter, type RateLimiterParts } from './brokers/open-rate-limiter.ts';
export { openRedisFor, type RedisConnection } from './brokers/open-redis-for.ts';
export type { Caller, KnownCaller } from './callers/caller.ts';
export { createRemoteVerifier, tokenTimes, type FetchJwks, type Jwks, type TokenTimes } from './callers/jwks-source.ts';
export {
  createKnownKeys,
  type KnownKeys,
  type PresentedKey,
  type VerifiedKey,
  type VerifyKey,
} from './callers/known-keys.ts';
export { createKnownTokens, type KnownTokens } from './callers/known-tokens.ts';
export { openCallers, type Callers, type CallersParts } from './callers/open-callers.ts';
export {
  dependencyStates,
  worstOf,
  type Dependency,
  type DependencyHealth,
  type DependencyStatus,
  type Finding,
} from './deep/dependency.ts';
export { probeDependencies, type ProbeOptions } from './deep/probe-dependencies.ts';
export { diskDependency } from './deep/probe-disk.ts';
export { eventLogDependency } from './deep/probe-event-log.ts';
export { kafkaDependency } from './deep/probe-kafka.ts';
export { postgresDependency } from './deep/probe-postgres.ts';
export { queueDependency } from './deep/probe-queue.ts';
export { redisDependency } from './deep/probe-redis.ts';
export { type ListDependencies } from './deep/serve-probe.ts';
export type { Host, OperationsRoute, RunningApp } from './host.ts';
export { serveOperations, type OperationsOptions, type OperationsServer } from './operations-server.ts';
export {
  internalAuthKey,
  operationsPort,
  processVariables,
  serviceVariables,
  toServiceSettings,
} from './common-variables.ts';
export {
  openServiceParts,
  type ServiceIdentity,
  type ServiceParts,
  type ServiceSettings,
} from './open-service-parts.ts';
export { shareLevels } from './log/share-levels.ts';
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
export { createCallAsSystem, type CallAsSystem } from './watch/call-as-system.ts';
export { createRevocations, type Revocations } from './watch/revocations.ts';
export { watchAuth, type AuthWatch, type AuthWatchParts } from './watch/watch-auth.ts';
