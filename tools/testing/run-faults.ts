import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearCounts, closingLine, sumCounts } from './test-counts.ts';

/**
 * `npm run test:faults [-- words]`: tests that kill, one file at a time, never cached; a word picks the files whose path
 * or first line holds it. `FAULTS=short` cuts counts to a tenth, as CI does.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const counts = join(root, '.test-counts', 'faults');
const words = process.argv.slice(2);
const files = ['apps', 'libs', 'tools']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.fault.ts') && !entry.parentPath.includes('node_modules'))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) throw new Error('no fault test matches');
clearCounts(counts);
mkdirSync(counts, { recursive: true });

let failed = 0;
for (const [index, file] of files.entries()) {
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--config', join(root, 'jest.config.mjs'), '--rootDir', root],
      ...['--testMatch', '**/*.fault.ts', '--runTestsByPath', file],
      ...['--runInBand', '--json', '--outputFile', join(counts, `${index}.json`)],
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) failed++;
}
console.log(`\n${closingLine(sumCounts(counts))}`);
process.exitCode = failed === 0 ? 0 : 1;
