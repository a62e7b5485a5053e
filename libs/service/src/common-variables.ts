import { integer, oneOf, optionalText, optionalUrl, port, secret, text, type z } from '@universal-api/config';
import { logLevels } from '@universal-api/logging';
import { parseKeyRing } from '@universal-api/principal';
import { tmpdir } from 'node:os';
import { brokerVariables, toBrokers } from './brokers/broker-variables.ts';
import type { ServiceSettings } from './open-service-parts.ts';

/** Variables of every process, whatever runs in it. */
export const processVariables = {
  LOG_LEVEL: oneOf(logLevels, 'info').describe(
    'Most talkative level of the log: trace, debug, info, warn, error or fatal.',
  ),
  UAPI_BUILD: optionalText().describe('Commit or image that runs, as health tells it; unset: asked of git.'),
  LOG_DIR: optionalText().describe('Folder for log files beside standard output; unset: none.'),
  LOG_KEEP: integer(14, { min: 1, max: 1000 }).describe('Log files kept.'),
  DRAIN_S: integer(20, { max: 600 }).describe('Longest wait for work under way when the process ends, seconds.'),
  HARD_STOP_S: integer(25, { min: 1, max: 900 }).describe(
    'After this many seconds the process ends whatever still runs.',
  ),
};

/** The key under which our processes vouch for callers to each other. */
export const internalAuthKey = secret().describe(
  'Key of the signed principal between our processes: v2:<base64>,v1:<base64>, the current one first, 32 bytes or more.',
);

/** The operations port of a process. */
export function operationsPort(fallback: number) {
  return port(fallback).describe('Operations port: health, metrics, log level. Not for the public.');
}

/** The variables that every service has when it runs alone. */
export function serviceVariables(ports: { readonly grpc: number; readonly operations: number }) {
  return {
    BIND_ADDRESS: text('0.0.0.0').describe('Address that the gRPC server listens on.'),
    GRPC_PORT: port(ports.grpc).describe('Port of the gRPC server.'),
    OPS_PORT: operationsPort(ports.operations),
    DATABASE_URL: optionalUrl('postgres', 'postgresql')
      .refine((url) => url !== undefined, 'is not set; a service alone needs a database')
      .transform(String)
      .describe('PostgreSQL of the service.'),
    DATABASE_POOL: integer(10, { min: 1, max: 100 }).describe('Connections of the pool.'),
    INTERNAL_AUTH_KEY: internalAuthKey,
    UAPI_AUTH_ADDR: text('127.0.0.1:50055').describe('Address of the auth service.'),
    ...brokerVariables,
    ...processVariables,
  };
}

/** Those variables as read. */
type ServiceConfig = z.output<z.ZodObject<ReturnType<typeof serviceVariables>>>;

/** Variables → the settings of a service that is alone in its process. */
export function toServiceSettings(config: ServiceConfig): ServiceSettings {
  return {
    ...toBrokers(config),
    grpcAddress: `${config.BIND_ADDRESS}:${config.GRPC_PORT}`,
    databaseUrl: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL,
    internalKeys: parseKeyRing('INTERNAL_AUTH_KEY', config.INTERNAL_AUTH_KEY),
    authAddress: config.UAPI_AUTH_ADDR,
    keepsLog: true,
    diskFolder: config.LOG_DIR ?? tmpdir(),
  };
}
