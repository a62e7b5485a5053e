/** Runs the tests of one Nx project: `node tools/testing/run-project.mjs <folder> <name>`; leaves its counts behind. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [folder, name] = process.argv.slice(2);
mkdirSync(join(root, '.test-counts'), { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    join(root, 'jest.config.mjs'),
    '--rootDir',
    join(root, folder),
    '--json',
    '--outputFile',
    join(root, '.test-counts', `${name}.json`),
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);
process.exitCode = status ?? 1;
