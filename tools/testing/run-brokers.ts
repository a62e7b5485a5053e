import { startTestCluster } from '@universal-api/database/testing';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findStackTests } from './find-stack-tests.ts';
import { findTests, pickTests } from './find-tests.ts';
import { runBrokerTests } from './run-broker-tests.ts';
import { runDistributedStack } from './run-distributed-stack.ts';
import { createStages } from './run-stage.ts';
import { startBrokers } from './start-brokers.ts';
import { addCounts, brokerCounts, closingLine, distributedCounts, readCounts } from './test-counts.ts';

/**
 * `npm run test:broker [-- words]`: the tests on a real Kafka and Redis alone, and those that speak through the gateway on one
 * process per app; a word picks files as in `test:faults`.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const words = process.argv.slice(2);
const files = pickTests(root, findTests(root, '.broker.test.ts'), words);
const stackFiles = pickTests(root, findStackTests(root), words);
if (files.length + stackFiles.length === 0) throw new Error('no broker test matches');
const folder = join(root, '.test-counts');
const counts = [brokerCounts, distributedCounts].map((name) => join(folder, name));
mkdirSync(folder, { recursive: true });
for (const file of counts) rmSync(file, { force: true });

const stages = createStages(root);
const [cluster, brokers] = await Promise.all([startTestCluster(), startBrokers()]);
let code = 1;
try {
  const run = { root, stages, brokers, environment: { UAPI_TEST_POSTGRES: cluster.environment } };
  code = files.length > 0 ? await runBrokerTests({ ...run, files }) : 0;
  code = Math.max(code, await runDistributedStack({ ...run, files: stackFiles }));
  console.log(`\n${closingLine(addCounts(counts.filter(existsSync).map(readCounts)))}`);
} finally {
  await Promise.all([cluster.stop(), brokers.stop()]);
}
process.exit(code);
