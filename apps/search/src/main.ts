import { runApp, toServiceSettings } from '@universal-api/service';
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
        ...toServiceSettings(config),
        eventsUrl: config.DATABASE_URL,
        egress: config.UAPI_EGRESS,
        proxy: config.EGRESS_PROXY,
        environment,
      },
      host,
    ),
});
process.exit();
