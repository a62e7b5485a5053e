import { startTestCluster } from '@universal-api/database/testing';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTests, pickTests } from './find-tests.ts';
import { runBrokerTests } from './run-broker-tests.ts';
import { createStages } from './run-stage.ts';
import { startBrokers } from './start-brokers.ts';
import { brokerCounts, closingLine, readCounts } from './test-counts.ts';

/** `npm run test:broker [-- words]`: the tests on a real Kafka and Redis alone; a word picks files as in `test:faults`. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = pickTests(root, findTests(root, '.broker.test.ts'), process.argv.slice(2));
if (files.length === 0) throw new Error('no broker test matches');
const counts = join(root, '.test-counts', brokerCounts);
mkdirSync(join(root, '.test-counts'), { recursive: true });
rmSync(counts, { force: true });

const stages = createStages(root);
const [cluster, brokers] = await Promise.all([startTestCluster(), startBrokers()]);
let code = 1;
try {
  code = await runBrokerTests({
    root,
    files,
    stages,
    brokers,
    environment: { UAPI_TEST_POSTGRES: cluster.environment },
  });
  console.log(`\n${closingLine(readCounts(counts))}`);
} finally {
  await Promise.all([cluster.stop(), brokers.stop()]);
}
process.exit(code);
