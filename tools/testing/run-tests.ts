import { startTestCluster } from '@universal-api/database/testing';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearCounts, closingLine, sumCounts } from './test-counts.ts';

/**
 * `npm test`: one PostgreSQL cluster for the whole run, then the tests of every Nx project. Further words go to Nx,
 * such as `npm test -- --projects=errors`.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const counts = join(root, '.test-counts');
clearCounts(counts);

const cluster = await startTestCluster();
let code = 1;
try {
  code = await runNx(process.argv.slice(2));
  const total = sumCounts(counts);
  console.log(`\n${closingLine(total)}`);
  if (total.passed + total.failed === 0) throw new Error('no test ran');
} finally {
  await cluster.stop();
}
process.exit(code);

function runNx(words: string[]): Promise<number> {
  const child = spawn('nx', ['run-many', '-t', 'test', '--output-style=static', ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      UAPI_TEST_POSTGRES: cluster.environment,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}
