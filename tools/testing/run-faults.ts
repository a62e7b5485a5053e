import { prepareInfra } from '@universal-api/infra';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTests, pickTests } from './find-tests.ts';
import { failsForSkipped, jestWords } from './run-jest.ts';
import { createStages } from './run-stage.ts';
import { clearCounts, closingLine, sumCounts } from './test-counts.ts';

/**
 * `npm run test:faults [-- words]`: tests that kill, one file at a time, never cached; a word picks the files whose path
 * or first line holds it. `FAULTS=short` cuts counts to a tenth, as CI does. Servers are fetched before, each test starts its
 * own; where they cannot be had those tests count as skipped, or fail the run with `INFRA=required`.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const counts = join(root, '.test-counts', 'faults');
const files = pickTests(root, findTests(root, '.fault.ts'), process.argv.slice(2));
if (files.length === 0) throw new Error('no fault test matches');
clearCounts(counts);
mkdirSync(counts, { recursive: true });

const missing = await prepareInfra();
if (missing) console.log(`There are no servers to break:\n${missing}\n`);
const environment: Record<string, string> = missing ? { UAPI_TEST_INFRA: 'none' } : {};
const stages = createStages(root);
let failed = 0;
for (const [index, file] of files.entries()) {
  const words = [...jestWords(root, '.fault.ts', join(counts, `${index}.json`), [file]), '--runInBand'];
  if ((await stages.run(process.execPath, words, environment)) !== 0) failed++;
}
const total = sumCounts(counts);
console.log(`\n${closingLine(total)}`);
process.exit(failed > 0 || failsForSkipped(total.skipped) ? 1 : 0);
