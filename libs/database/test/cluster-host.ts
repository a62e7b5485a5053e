/** A process with a test cluster, for the test that kills it: prints the value of `UAPI_TEST_POSTGRES` and stays. */
import { startTestCluster } from '../src/testing/index.ts';

const cluster = await startTestCluster();
process.stdout.write(`${cluster.environment}\n`);
setInterval(() => {}, 1_000);
