import { integer, oneOf, optionalText, optionalUrl, port, text, z } from '@universal-api/config';
import { internalAuthKey, operationsPort, processVariables } from '@universal-api/service';

/** Variables about what may leave the installation; those of single providers are read by their manifests. */
export const egressVariables = {
  UAPI_EGRESS: oneOf(['all', 'none'], 'all').describe('none: no remote provider is ever asked.'),
  EGRESS_PROXY: optionalUrl('http', 'https').describe('Proxy for calls to providers.'),
  UAPI_CONTACT: optionalText().describe('Contact (mail or URL) in the User-Agent, as several providers ask.'),
  UAPI_SIMULATOR_URL: optionalUrl('http', 'https').describe('Base URL that stands in for every remote provider.'),
};

/** Variables of the search service when it runs alone. */
export const searchVariables = z.object({
  BIND_ADDRESS: text('0.0.0.0').describe('Address that the gRPC server listens on.'),
  GRPC_PORT: port(50051).describe('Port of the gRPC server.'),
  OPS_PORT: operationsPort(9151),
  DATABASE_URL: optionalUrl('postgres', 'postgresql')
    .refine((url) => url !== undefined, 'is not set; a service alone needs a database')
    .transform(String)
    .describe('PostgreSQL of the service.'),
  DATABASE_POOL: integer(10, { min: 1, max: 100 }).describe('Connections of the pool.'),
  INTERNAL_AUTH_KEY: internalAuthKey,
  ...egressVariables,
  ...processVariables,
});
