import { integer, optionalSecret, optionalUrl, port, text, z } from '@universal-api/config';
import { brokerVariables, operationsPort, processVariables } from '@universal-api/service';

/** Variables of the whole product in one process, beside those of its parts. */
export const standaloneVariables = z.object({
  BIND_ADDRESS: text('127.0.0.1').describe('Address that the public port listens on.'),
  PORT: port(8000).describe('Public port.'),
  OPS_PORT: operationsPort(9100),
  UAPI_SEARCH_ADDR: text('127.0.0.1:50051').describe('Address of the search service.'),
  UAPI_AUTH_ADDR: text('127.0.0.1:50055').describe('Address of the auth service.'),
  DATA_DIR: text('.data').describe('Folder of the embedded database and of secrets made at the first start.'),
  DATABASE_URL: optionalUrl('postgres', 'postgresql').describe(
    'PostgreSQL to use; unset: an embedded one in DATA_DIR.',
  ),
  DATABASE_POOL: integer(4, { min: 1, max: 100 }).describe('Connections of each pool.'),
  AUTH_KEY_PEPPER: optionalSecret().describe('Pepper of stored API keys; unset: made at the first start.'),
  DATA_ENCRYPTION_KEY: optionalSecret().describe('Key of what is stored encrypted; unset: made at the first start.'),
  INTERNAL_AUTH_KEY: optionalSecret().describe('Key between our processes; unset: made at the first start.'),
  ...brokerVariables,
  ...processVariables,
  LOG_LEVEL: processVariables.LOG_LEVEL.removeDefault().default('warn').describe('Most talkative level of the log.'),
});

/** The variables as read. */
export type StandaloneConfig = z.output<typeof standaloneVariables>;
