import { composeGateway, rateVariables, readRateOverrides, toEdgeSettings } from '@universal-api/gateway/compose';
import { gatewayVariables } from '@universal-api/gateway/config';
import { parseKeyRing } from '@universal-api/principal';
import { runApp, toBrokers } from '@universal-api/service';

/** The gateway as `apps/gateway` runs it, told that there are three of them. */
process.exitCode = await runApp({
  name: 'gateway',
  version: 'test',
  variables: gatewayVariables,
  environment: process.env,
  knownVariables: rateVariables(),
  compose: (config, host, environment) =>
    composeGateway(
      {
        ...toEdgeSettings(config, false),
        ...toBrokers(config),
        bindAddress: config.BIND_ADDRESS,
        port: config.PORT,
        targets: { auth: config.UAPI_AUTH_ADDR, search: config.UAPI_SEARCH_ADDR },
        internalKeys: parseKeyRing('INTERNAL_AUTH_KEY', config.INTERNAL_AUTH_KEY),
        rateOverrides: readRateOverrides(environment),
        liveGateways: () => 3,
      },
      host,
    ),
});
process.exit();
