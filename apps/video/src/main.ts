import { runApp, toServiceSettings } from '@universal-api/service';
import manifest from '../package.json' with { type: 'json' };
import { composeVideo } from './compose.ts';
import { videoVariables } from './config.ts';

process.exitCode = await runApp({
  name: 'video',
  version: manifest.version,
  variables: videoVariables,
  environment: process.env,
  compose: (config, host) => composeVideo(toServiceSettings(config), host),
});
process.exit();
