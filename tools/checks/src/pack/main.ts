import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { packApp } from './pack-app.ts';
import { isPackable, packableApps } from './packable-apps.ts';

/** `node tools/checks/src/pack/main.ts <app> <folder>`: the step of the Dockerfile that chooses what an image has. */
const [app = '', target = ''] = process.argv.slice(2);
if (!isPackable(app) || target === '') {
  console.error(
    `usage: pack/main.ts <app> <folder>; the build argument APP is one of ${Object.keys(packableApps).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  packApp(fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, ''), app, resolve(target));
}
