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

/** Sums the counts that the projects of a run left in a folder; a suite that could not start counts as one failure. */
export function sumCounts(folder: string): TestCounts {
  const results = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as JestResult);
  const sum = (of: (result: JestResult) => number) => results.reduce((total, result) => total + of(result), 0);
  return {
    passed: sum((result) => result.numPassedTests),
    failed: sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites),
    skipped: sum((result) => result.numPendingTests + result.numTodoTests),
  };
}

/** The closing line of a run. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
