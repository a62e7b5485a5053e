import { parseKeyRing } from '@universal-api/principal';
import { runApp, toServiceSettings } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { toAccountConfig } from './accounts/account-variables.ts';
import { composeAuth } from './compose.ts';
import { rateVariables, readRateOverrides } from './limits/policies/read-rate-overrides.ts';
import { authVariables, toTokenSettings } from './config.ts';

process.exitCode = await runApp({
  name: 'auth',
  version: manifest.version,
  variables: authVariables,
  environment: process.env,
  knownVariables: rateVariables(),
  compose: (config, host, environment) =>
    composeAuth(
      {
        ...toServiceSettings(config),
        peppers: parseKeyRing('AUTH_KEY_PEPPER', config.AUTH_KEY_PEPPER),
        dataKeys: parseKeyRing('DATA_ENCRYPTION_KEY', config.DATA_ENCRYPTION_KEY),
        publicBaseUrl: config.PUBLIC_BASE_URL,
        tokens: toTokenSettings(config),
        accounts: toAccountConfig(config),
        rateOverrides: readRateOverrides(environment),
      },
      host,
    ),
});
process.exit();
