import {
  integer,
  loadConfig,
  optionalSecret,
  optionalUrl,
  port,
  text,
  z,
  type Environment,
} from '@universal-api/config';
import { brokerVariables } from '@universal-api/service';
import { addressVariable, distributedApps } from './apps/app-list.ts';

const addresses = Object.fromEntries(
  distributedApps.flatMap(({ name, grpcPort }) =>
    grpcPort === undefined
      ? []
      : [[addressVariable(name), text(`127.0.0.1:${grpcPort}`).describe(`Address of the ${name} service.`)] as const],
  ),
);

/** Variables of the starter; everything else in its environment is handed on to the apps as it is. */
export const starterVariables = z.object({
  BIND_ADDRESS: text('127.0.0.1').describe('Address that the public port listens on.'),
  PORT: port(8000).describe('Public port; 0: a free one.'),
  OPS_PORT: integer(9150, { max: 65_529 }).describe(
    "Operations port of the gateway; the services' are the six behind it. 0: free ones.",
  ),
  DATA_DIR: text('.data').describe('Secrets and the data of the servers are in `distributed` below it.'),
  DATABASE_URL: optionalUrl('postgres', 'postgresql').describe('PostgreSQL to use; unset: one is started.'),
  AUTH_KEY_PEPPER: optionalSecret().describe('Pepper of stored API keys; unset: made at the first start.'),
  PUBLIC_BASE_URL: optionalUrl('http', 'https').describe('Address that callers see; unset: http://127.0.0.1:<PORT>.'),
  ...brokerVariables,
});

/** The variables as read. */
export type StarterConfig = z.output<typeof starterVariables> & {
  /** Address of each service, by its name. */
  readonly addresses: Readonly<Record<string, string>>;
};

const addressVariables = z.object(addresses);

/** Reads and checks them. Errors: `ConfigError` with all problems at once. */
export function readStarterConfig(environment: Environment): StarterConfig {
  const config = loadConfig(starterVariables, environment);
  const read = loadConfig(addressVariables, environment) as Readonly<Record<string, string>>;
  const byName = distributedApps.flatMap(({ name }) => {
    const address = read[addressVariable(name)];
    return address === undefined ? [] : [[name, address] as const];
  });
  return { ...config, addresses: Object.fromEntries(byName) };
}
