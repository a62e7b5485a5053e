import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerRun } from './run-broker-tests.ts';
import { failsForSkipped, jestWords } from './run-jest.ts';
import { distributedCounts, readCounts } from './test-counts.ts';

/** A name that no test has. */
const noTest = ['--testNamePattern', '^there are no servers$'];

/**
 * Runs the tests that speak through the gateway once more, on one process per app. Without servers each of them counts as
 * skipped; with `INFRA=required` what could not run fails the run. Gives back an exit code.
 */
export async function runDistributedStack({ root, files, stages, brokers, environment }: BrokerRun): Promise<number> {
  if (files.length === 0) return 0;
  const counts = join(root, '.test-counts', distributedCounts);
  // Each worker runs all the apps, so one of them keeps a small machine busy.
  const words = ['--testTimeout=30000', '--maxWorkers=1', ...(brokers.missing ? noTest : [])];
  const code = await stages.run(process.execPath, [...jestWords(root, '.test.ts', counts, files), ...words], {
    ...environment,
    ...brokers.environment,
    UAPI_TEST_STACK: 'distributed',
  });
  if (!existsSync(counts)) return 1;
  return failsForSkipped(readCounts(counts).skipped) ? 1 : code;
}
