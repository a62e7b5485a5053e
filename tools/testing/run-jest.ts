import { join } from 'node:path';

/** What Node is started with to run test files that need servers: Jest as in every project, on these files alone. */
export function jestWords(root: string, ending: string, counts: string, files: readonly string[]): string[] {
  return [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    // kafkajs waits for -1 ms when a broker asks it to slow down.
    ...['--disable-warning=TimeoutNegativeWarning', join(root, 'node_modules/jest/bin/jest.js')],
    ...['--config', join(root, 'jest.config.mjs'), '--rootDir', root],
    ...['--testMatch', `**/*${ending}`, '--testPathIgnorePatterns', '/node_modules/'],
    // A client of kafkajs that was left in an outage keeps a timer for ever, and Jest would wait for it.
    ...['--forceExit', '--json', '--outputFile', counts, '--runTestsByPath', ...files],
  ];
}

/** Whether a test that could not run fails the run (`INFRA=required`); says so when there is one. */
export function failsForSkipped(skipped: number): boolean {
  if (skipped === 0 || process.env['INFRA'] !== 'required') return false;
  console.log(`\nINFRA=required, and ${skipped} tests did not run.`);
  return true;
}
