import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failsForSkipped, jestWords } from './run-jest.ts';
import type { Stages } from './run-stage.ts';
import type { Brokers } from './start-brokers.ts';
import { brokerCounts, readCounts } from './test-counts.ts';

/** What the broker tests of a run are given. */
export interface BrokerRun {
  readonly root: string;
  /** Paths below the root. */
  readonly files: readonly string[];
  readonly stages: Stages;
  readonly brokers: Brokers;
  /** Handed on beside the addresses of the brokers. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs broker tests in one Jest, never cached. Without servers they count as skipped; with `INFRA=required` what could not
 * run fails the run. Gives back an exit code.
 */
export async function runBrokerTests({ root, files, stages, brokers, environment }: BrokerRun): Promise<number> {
  if (brokers.missing) console.log(`\nThe broker tests have no servers:\n${brokers.missing}`);
  const counts = join(root, '.test-counts', brokerCounts);
  const words = ['--testTimeout=30000', '--maxWorkers=2'];
  const code = await stages.run(process.execPath, [...jestWords(root, '.broker.test.ts', counts, files), ...words], {
    ...environment,
    ...brokers.environment,
  });
  if (!existsSync(counts)) return 1;
  return failsForSkipped(readCounts(counts).skipped) ? 1 : code;
}
