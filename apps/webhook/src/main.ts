import { runApp, toServiceSettings } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeWebhook } from './compose.ts';
import { webhookVariables } from './config.ts';

process.exitCode = await runApp({
  name: 'webhook',
  version: manifest.version,
  variables: webhookVariables,
  environment: process.env,
  compose: (config, host) => composeWebhook({ ...toServiceSettings(config), drainMs: config.DRAIN_S * 1_000 }, host),
});
process.exit();
