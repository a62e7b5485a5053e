import { parseKeyRing } from '@universal-api/principal';
import { runApp, toServiceSettings } from '@universal-api/service';
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
        ...toServiceSettings(config),
        peppers: parseKeyRing('AUTH_KEY_PEPPER', config.AUTH_KEY_PEPPER),
      },
      host,
    ),
});
process.exit();
