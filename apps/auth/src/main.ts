import { parseKeyRing } from '@universal-api/principal';
import { runApp } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeAuth } from './compose.ts';
import { authVariables } from './config.ts';

process.exitCode = await runApp({
  name: 'auth',
  version: manifest.version,
  variables: authVariables,
  environment: process.env,
  compose: (config, host) =>
    composeAuth(
      {
        grpcAddress: `${config.BIND_ADDRESS}:${config.GRPC_PORT}`,
        databaseUrl: config.DATABASE_URL,
        poolSize: config.DATABASE_POOL,
        peppers: parseKeyRing('AUTH_KEY_PEPPER', config.AUTH_KEY_PEPPER),
        internalKeys: parseKeyRing('INTERNAL_AUTH_KEY', config.INTERNAL_AUTH_KEY),
      },
      host,
    ),
});
process.exit();
