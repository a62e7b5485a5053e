/** A process with all three servers, for the test that kills it: prints their pids as JSON and stays. */
import { startKafka, startPostgres, startRedis } from '../src/index.ts';

const servers = await Promise.all([startPostgres(), startRedis(), startKafka()]);
process.stdout.write(`${JSON.stringify(servers.map(({ pid, folder }) => ({ pid, folder })))}\n`);
setInterval(() => {}, 1_000);
