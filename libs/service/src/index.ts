export {
  brokerVariables,
  toBrokers,
  type BrokerSettings,
  type KafkaAccess,
  type RedisAccess,
} from './brokers/broker-variables.ts';
export { keepLog, type KeepLogParts, type KeptLog } from './brokers/keep-log.ts';
export { openKafka, openTelemetrySink, type Kafka } from './brokers/open-kafka.ts';
export { openRedisFor, type RedisConnection } from './brokers/open-redis-for.ts';
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
