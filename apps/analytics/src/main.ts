import { runApp, toServiceSettings } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeAnalytics } from './compose.ts';
import { analyticsVariables } from './config.ts';

process.exitCode = await runApp({
  name: 'analytics',
  version: manifest.version,
  variables: analyticsVariables,
  environment: process.env,
  compose: (config, host) => composeAnalytics(toServiceSettings(config), host),
});
process.exit();
