import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closingLine, sumCounts } from './test-counts.ts';

const folder = mkdtempSync(join(tmpdir(), 'uapi-counts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const result = (passed: number, failed: number, pending: number, broken: number) =>
  JSON.stringify({
    ...{ numPassedTests: passed, numFailedTests: failed, numPendingTests: pending },
    ...{ numTodoTests: 1, numRuntimeErrorTestSuites: broken },
  });

test('the counts of a run are the sum of its files; a suite that could not start is a failure, a todo is skipped', () => {
  writeFileSync(join(folder, 'a.json'), result(10, 0, 0, 0));
  writeFileSync(join(folder, 'broker-tests.json'), result(5, 1, 3, 1));
  mkdirSync(join(folder, 'faults'));
  expect(sumCounts(folder)).toEqual({ passed: 15, failed: 2, skipped: 5 });
});

test('the closing line names what was skipped only when something was', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
