import { parseKeyRing } from '@universal-api/principal';
import { runApp } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeGateway } from './compose.ts';
import { gatewayVariables } from './config.ts';
import { toEdgeSettings } from './edge-settings.ts';
import { rateVariables, readRateOverrides } from './read-rate-overrides.ts';

process.exitCode = await runApp({
  name: 'gateway',
  version: manifest.version,
  variables: gatewayVariables,
  environment: process.env,
  knownVariables: rateVariables(),
  compose: (config, host, environment) =>
    composeGateway(
      {
        ...toEdgeSettings(config, false),
        bindAddress: config.BIND_ADDRESS,
        port: config.PORT,
        targets: { search: config.UAPI_SEARCH_ADDR, auth: config.UAPI_AUTH_ADDR },
        telemetryUrl: config.DATABASE_URL,
        internalKeys: parseKeyRing('INTERNAL_AUTH_KEY', config.INTERNAL_AUTH_KEY),
        rateOverrides: readRateOverrides(environment),
      },
      host,
    ),
});
process.exit();
