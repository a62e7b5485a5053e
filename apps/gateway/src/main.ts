import { parseKeyRing } from '@universal-api/principal';
import { runApp, toBrokers } from '@universal-api/service';
import { tmpdir } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import { composeGateway } from './compose.ts';
import { gatewayVariables } from './config.ts';
import { toEdgeSettings } from './edge-settings.ts';
import { readTargets } from './read-targets.ts';
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
        targets: readTargets(config),
        ...toBrokers(config),
        diskFolder: config.LOG_DIR ?? tmpdir(),
        telemetryUrl: config.DATABASE_URL,
        internalKeys: parseKeyRing('INTERNAL_AUTH_KEY', config.INTERNAL_AUTH_KEY),
        rateOverrides: readRateOverrides(environment),
      },
      host,
    ),
});
process.exit();
