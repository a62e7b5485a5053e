import { startTestCluster } from '@universal-api/database/testing';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findStackTests } from './find-stack-tests.ts';
import { findTests, pickProjects } from './find-tests.ts';
import { runBrokerTests } from './run-broker-tests.ts';
import { runDistributedStack } from './run-distributed-stack.ts';
import { createStages } from './run-stage.ts';
import { startBrokers } from './start-brokers.ts';
import { clearCounts, closingLine, sumCounts } from './test-counts.ts';

/**
 * `npm test`: one PostgreSQL cluster for the whole run, the tests of every Nx project, then those that need Kafka and Redis,
 * which come up meanwhile, then those that speak through the gateway once more on one process per app
 * (`UAPI_TEST_STACK=embedded` leaves these out). Further words go to Nx, such as `npm test -- --projects=errors`.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const counts = join(root, '.test-counts');
clearCounts(counts);
mkdirSync(counts, { recursive: true });

const words = process.argv.slice(2);
const brokerFiles = pickProjects(root, findTests(root, '.broker.test.ts'), words);
const isEmbeddedAlone = process.env['UAPI_TEST_STACK'] === 'embedded';
const stackFiles = isEmbeddedAlone ? [] : pickProjects(root, findStackTests(root), words);
const stages = createStages(root);
const starting = brokerFiles.length + stackFiles.length > 0 ? startBrokers() : undefined;
const cluster = await startTestCluster();
let code = 1;
try {
  const environment = { UAPI_TEST_POSTGRES: cluster.environment, UAPI_TEST_STACK: 'embedded' };
  const nx = ['run-many', '-t', 'test', '--output-style=static', ...words];
  code = await stages.run('nx', nx, { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', ...environment });
  const brokers = await starting;
  const run = brokers && { root, stages, brokers, environment };
  if (run && brokerFiles.length > 0) code = Math.max(code, await runBrokerTests({ ...run, files: brokerFiles }));
  if (run) code = Math.max(code, await runDistributedStack({ ...run, files: stackFiles }));
  const total = sumCounts(counts);
  console.log(`\n${closingLine(total)}`);
  if (total.passed + total.failed === 0) throw new Error('no test ran');
} finally {
  await Promise.all([cluster.stop(), starting?.then((brokers) => brokers.stop())]);
}
process.exit(code);
