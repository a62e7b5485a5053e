import { runApp, toServiceSettings } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeAssistant } from './compose.ts';
import { assistantVariables } from './config.ts';

process.exitCode = await runApp({
  name: 'assistant',
  version: manifest.version,
  variables: assistantVariables,
  environment: process.env,
  compose: (config, host) => composeAssistant(toServiceSettings(config), host),
});
process.exit();
