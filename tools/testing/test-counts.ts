import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** How many tests ran, and how they ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Forgets the counts of earlier runs. */
export function clearCounts(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Name of the counts of the broker tests, beside those of the Nx projects. */
export const brokerCounts = 'broker-tests.json';

/** Name of the counts of the tests that ran on one process per app. */
export const distributedCounts = 'distributed-stack.json';

/** The counts of one Jest run; a suite that could not start counts as one failure. */
export function readCounts(file: string): TestCounts {
  const result = JSON.parse(readFileSync(file, 'utf8')) as JestResult;
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** Sums the counts that the projects of a run left in a folder. */
export function sumCounts(folder: string): TestCounts {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return addCounts(files.map((name) => readCounts(join(folder, name))));
}

/** Several counts as one. */
export function addCounts(counts: readonly TestCounts[]): TestCounts {
  const sum = (of: keyof TestCounts) => counts.reduce((total, part) => total + part[of], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The closing line of a run. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
