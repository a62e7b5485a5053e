import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, sumCounts } from './test-counts.ts';

/** The closing line of a whole CI run: tests, checks and faults together. Fails when one of them left no count. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['.test-counts', '.test-counts/faults'].map((folder) => join(root, folder));
for (const folder of folders)
  if (!existsSync(folder)) throw new Error(`${folder} is missing: a part of the run did not happen`);
const parts = folders.map(sumCounts);
const sum = (of: 'passed' | 'failed' | 'skipped') => parts.reduce((total, part) => total + part[of], 0);
console.log(closingLine({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }));
