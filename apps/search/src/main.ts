import { parseKeyRing } from '@universal-api/principal';
import { runApp } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeSearch } from './compose.ts';
import { searchVariables } from './config.ts';

process.exitCode = await runApp({
  name: 'search',
  version: manifest.version,
  variables: searchVariables,
  environment: process.env,
  compose: (config, host, environment) =>
    composeSearch(
      {
        grpcAddress: `${config.BIND_ADDRESS}:${config.GRPC_PORT}`,
        databaseUrl: config.DATABASE_URL,
        eventsUrl: config.DATABASE_URL,
        poolSize: config.DATABASE_POOL,
        internalKeys: parseKeyRing('INTERNAL_AUTH_KEY', config.INTERNAL_AUTH_KEY),
        egress: config.UAPI_EGRESS,
        proxy: config.EGRESS_PROXY,
        environment,
      },
      host,
    ),
});
process.exit();
