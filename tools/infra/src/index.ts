export { type KafkaOptions, type KafkaServer, startKafka } from './kafka/start-kafka.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres/start-postgres.ts';
export { parentOf } from './process/child-processes.ts';
export { prepareInfra } from './prepare-infra.ts';
export { askRedis } from './redis/ask-redis.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis/start-redis.ts';
export type { Server } from './server.ts';
export { type InfraAddress, type InfraPart, infraParts } from './infra-address.ts';
export { type Infra, type InfraOptions, startInfra } from './start-infra.ts';
