import { integer, optionalUrl, port, secret, text, z } from '@universal-api/config';
import { internalAuthKey, operationsPort, processVariables } from '@universal-api/service';

/** Variables of the auth service when it runs alone. */
export const authVariables = z.object({
  BIND_ADDRESS: text('0.0.0.0').describe('Address that the gRPC server listens on.'),
  GRPC_PORT: port(50055).describe('Port of the gRPC server.'),
  OPS_PORT: operationsPort(9155),
  DATABASE_URL: optionalUrl('postgres', 'postgresql')
    .refine((url) => url !== undefined, 'is not set; a service alone needs a database')
    .transform(String)
    .describe('PostgreSQL of the service.'),
  DATABASE_POOL: integer(10, { min: 1, max: 100 }).describe('Connections of the pool.'),
  AUTH_KEY_PEPPER: secret().describe('Pepper of stored API keys: v2:<base64>,v1:<base64>, the current one first.'),
  INTERNAL_AUTH_KEY: internalAuthKey,
  ...processVariables,
});
